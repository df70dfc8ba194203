package dev.carillon.webhook.endpoint;

import dev.carillon.postgres.EventRows;
import dev.carillon.webhook.endpoint.Endpoint.Certificates;
import dev.carillon.webhook.endpoint.Endpoint.Disabled;
import dev.carillon.webhook.endpoint.Traffic.Rate;
import dev.carillon.webhook.endpoint.Vault.Place;
import dev.carillon.webhook.http.ClientTls;
import dev.carillon.webhook.sign.SignatureKind;
import java.net.URI;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;
import org.jspecify.annotations.Nullable;

/** Endpoints to and from rows. */
final class EndpointRows {

  private static final String CLIENT_KEY = "endpoint.client_key";

  private EndpointRows() {}

  static Endpoint read(ResultSet row) throws SQLException {
    return new Endpoint(
        row.getObject("id", UUID.class),
        row.getString("name"),
        URI.create(row.getString("url")),
        SignatureKind.named(row.getString("signature")).orElseThrow(),
        StatusPolicy.named(row.getString("policy")).orElseThrow(),
        retry(row.getArray("retry_waits_ms")),
        new Traffic(row.getInt("concurrency"), rate(row)),
        Duration.ofMillis(row.getInt("timeout_ms")),
        row.getBoolean("alerts"),
        new Certificates(row.getString("client_certificate"), row.getString("ca_certificate")),
        row.getBoolean("managed"),
        disabled(row),
        row.getLong("revision"),
        EventRows.instant(row, "created_at"),
        EventRows.instant(row, "updated_at"));
  }

  /** The place of an endpoint's client key. */
  static Place clientKey(UUID id) {
    return new Place(id, CLIENT_KEY);
  }

  /** The TLS material of a row; null if it has none. */
  static @Nullable ClientTls tls(ResultSet row, UUID id, Vault vault) throws SQLException {
    String certificate = row.getString("client_certificate");
    String authority = row.getString("ca_certificate");
    if (certificate == null && authority == null) {
      return null;
    }
    byte[] sealed = row.getBytes("client_key");
    String key = sealed == null ? null : vault.decrypt(sealed, clientKey(id));
    return new ClientTls(certificate, key, authority);
  }

  /** Binds what an owner may choose. */
  static <S extends SqlStatement<S>> S bind(
      S statement, UUID id, EndpointSettings settings, Vault vault) {
    Rate rate = settings.traffic().rate();
    ClientTls tls = settings.tls();
    return bindUrl(statement, settings.url())
        .bind("id", id)
        .bind("name", settings.name())
        .bind("policy", settings.policy().spelled())
        .bind("retry_waits_ms", waits(settings.retry()))
        .bind("concurrency", settings.traffic().concurrency())
        .bind("rate_per_second", rate == null ? null : rate.perSecond())
        .bind("rate_burst", rate == null ? null : rate.burst())
        .bind("timeout_ms", settings.timeout().toMillis())
        .bind("alerts", settings.alerts())
        .bind("client_certificate", tls == null ? null : tls.clientCertificatePem())
        .bind("client_key", tls == null ? null : sealed(tls.clientKeyPem(), id, vault))
        .bind("ca_certificate", tls == null ? null : tls.caPem());
  }

  /** Binds a URL, which may hold a token, so that no exception repeats it. */
  static <S extends SqlStatement<S>> S bindUrl(S statement, URI url) {
    return statement
        .configure(StatementExceptions.class, c -> c.setMessageRendering(MessageRendering.NONE))
        .bind("url", url.toString());
  }

  private static byte @Nullable [] sealed(@Nullable String clientKey, UUID id, Vault vault) {
    return clientKey == null ? null : vault.encrypt(clientKey, clientKey(id));
  }

  private static @Nullable String waits(RetrySchedule retry) {
    return switch (retry) {
      case RetrySchedule.Exponential() -> null;
      case RetrySchedule.Waits(List<Duration> waits) ->
          waits.stream()
              .map(wait -> Long.toString(wait.toMillis()))
              .collect(Collectors.joining(",", "{", "}"));
    };
  }

  private static RetrySchedule retry(@Nullable Array millis) throws SQLException {
    return millis == null
        ? RetrySchedule.EXPONENTIAL
        : new RetrySchedule.Waits(
            Stream.of((Long[]) millis.getArray()).map(Duration::ofMillis).toList());
  }

  private static @Nullable Rate rate(ResultSet row) throws SQLException {
    double perSecond = row.getDouble("rate_per_second");
    return row.wasNull() ? null : new Rate(perSecond, row.getInt("rate_burst"));
  }

  private static @Nullable Disabled disabled(ResultSet row) throws SQLException {
    Instant at = EventRows.instantOrNull(row, "disabled_at");
    return at == null ? null : new Disabled(at, row.getString("disabled_reason"));
  }
}
