package dev.carillon.server.wiring;

import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import dev.carillon.birthday.Users;
import dev.carillon.postgres.Database;
import dev.carillon.postgres.DatabaseClock;
import dev.carillon.postgres.EventOperations;
import dev.carillon.schedule.Calendars;
import dev.carillon.schedule.history.History;
import dev.carillon.schedule.history.Situations;
import dev.carillon.schedule.planning.Schedules;
import dev.carillon.server.apikey.ApiKeys;
import dev.carillon.server.health.Health;
import dev.carillon.server.http.AccessLog;
import dev.carillon.server.http.Origins;
import dev.carillon.server.http.Throttle;
import dev.carillon.server.job.JobAnswers;
import dev.carillon.server.job.JobFeed;
import dev.carillon.server.performing.Performing;
import dev.carillon.server.performing.PerformingFactory;
import dev.carillon.server.refresh.Refreshing;
import dev.carillon.server.security.Authenticator;
import dev.carillon.server.security.IssuerKeys;
import dev.carillon.server.security.TokenRules;
import dev.carillon.server.security.TokenVerifier;
import dev.carillon.server.settings.SecretFile;
import dev.carillon.server.settings.Settings;
import dev.carillon.server.settings.Settings.Access;
import dev.carillon.server.settings.Settings.AuthMode;
import dev.carillon.server.view.Viewing;
import dev.carillon.time.TimeZones;
import dev.carillon.view.job.JobReads;
import dev.carillon.webhook.address.AddressPolicy;
import dev.carillon.webhook.address.Verdict;
import dev.carillon.webhook.endpoint.Endpoints;
import dev.carillon.webhook.endpoint.UrlRule;
import dev.carillon.webhook.endpoint.Vault;
import io.github.bucket4j.TimeMeter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes the objects that the server is built of, each once. */
@Singleton
public final class Wiring {

  private final Serving serving = Handover.take();

  @Produces
  @Singleton
  Settings settings() {
    return serving.settings();
  }

  @Produces
  @Singleton
  Database database() {
    return serving.database();
  }

  @Produces
  @Singleton
  DatabaseClock clock(Database database) {
    DatabaseClock clock = new DatabaseClock(database, Clock.systemUTC());
    clock.synchronize();
    return clock;
  }

  @Produces
  @Singleton
  AccessLog accessLog() {
    return new AccessLog(new FileOutputStream(FileDescriptor.out));
  }

  @Produces
  @Singleton
  Throttle throttle(Settings settings) {
    return new Throttle(
        settings.http().throttleRate(), settings.http().throttleBurst(), TimeMeter.SYSTEM_NANOTIME);
  }

  @Produces
  @Singleton
  Origins origins(Settings settings) {
    return new Origins(settings.http().corsOrigins(), settings.access().mode() == AuthMode.NONE);
  }

  @Produces
  @Singleton
  ApiKeys apiKeys(Database database) {
    return new ApiKeys(database);
  }

  @Produces
  @Singleton
  Endpoints endpoints(Settings settings, Database database, DatabaseClock clock) {
    return new Endpoints(database.jdbi(), new Vault(settings.encryptionKeys()), clock);
  }

  @Produces
  @Singleton
  UrlRule urlRule(Settings settings) {
    AddressPolicy policy = PerformingFactory.addresses(settings);
    return url ->
        switch (policy.check(url)) {
          case Verdict.Allowed _ -> UrlRule.FORM.problem(url);
          case Verdict.Refused refused -> Optional.of("is not allowed: " + refused.tenantReason());
        };
  }

  @Produces
  @Singleton
  EventOperations operations(Database database) {
    return new EventOperations(database.jdbi());
  }

  @Produces
  @Singleton
  Refreshing refreshing(
      Settings settings, Database database, DatabaseClock clock, MeterRegistry registry) {
    return Refreshing.of(settings.refresh(), database, clock, registry);
  }

  @Produces
  @Singleton
  Viewing viewing(Database database, DatabaseClock clock, MeterRegistry registry) {
    return new Viewing(database, clock, registry);
  }

  @Produces
  @Singleton
  JobAnswers jobs(Database database) {
    return new JobAnswers(new JobReads(database.jdbi()), database.jdbi());
  }

  @Produces
  @Singleton
  JobFeed feed(Viewing viewing) {
    return viewing.feed();
  }

  @Produces
  @Singleton
  PerformingFactory factory(
      Settings settings,
      Database database,
      DatabaseClock clock,
      MeterRegistry registry,
      Endpoints endpoints,
      Refreshing refreshing,
      Viewing viewing) {
    return new PerformingFactory(
        settings, database, clock, registry, endpoints, refreshing, viewing);
  }

  @Produces
  @Singleton
  Performing performing(PerformingFactory factory) {
    return factory.make();
  }

  @Produces
  @Singleton
  Users users(PerformingFactory factory, Performing performing) {
    return factory.users(performing);
  }

  @Produces
  @Singleton
  Schedules schedules(PerformingFactory factory, Performing performing) {
    return factory.schedules(performing);
  }

  @Produces
  @Singleton
  Calendars calendars(PerformingFactory factory, Performing performing) {
    return factory.calendars(performing);
  }

  @Produces
  @Singleton
  Situations situations(Schedules schedules, Calendars calendars, Database database) {
    return new Situations(schedules, calendars, new History(database.jdbi()), TimeZones.ofJvm());
  }

  @Produces
  @Singleton
  Health health(
      Database database,
      InstantSource clock,
      Performing performing,
      Refreshing refreshing,
      Viewing viewing) {
    return new Health(database, clock, performing::moved, refreshing, viewing);
  }

  @Produces
  @Singleton
  Authenticator authenticator(Settings settings, ApiKeys keys, InstantSource clock) {
    return settings.access().mode() == AuthMode.NONE
        ? Authenticator.open()
        : Authenticator.of(new TokenVerifier(tokenRules(settings, clock)), keys);
  }

  /** The clock of this machine, for what has no database's. */
  public static InstantSource wallClock() {
    return InstantSource.system();
  }

  /** The rules for tokens; where nothing is set, with a secret that is kept in the data folder. */
  public static TokenRules tokenRules(Settings settings, InstantSource clock) {
    Access access = settings.access();
    String secret = access.jwtSecret();
    if (secret == null && !access.hasOidc()) {
      secret = SecretFile.jwt(settings.data());
    }
    String oidcIssuer = access.oidcIssuer() == null ? null : access.oidcIssuer().toString();
    return new TokenRules(
        secret,
        access.jwtIssuer(),
        access.jwtAudience(),
        issuerKeys(access, clock),
        oidcIssuer == null ? access.jwtIssuer() : oidcIssuer,
        clock);
  }

  private static @Nullable JWKSource<SecurityContext> issuerKeys(
      Access access, InstantSource clock) {
    if (access.jwksUrl() != null) {
      return IssuerKeys.at(access.jwksUrl());
    }
    return access.oidcIssuer() == null ? null : IssuerKeys.discovered(access.oidcIssuer(), clock);
  }
}
