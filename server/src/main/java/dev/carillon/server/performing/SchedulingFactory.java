package dev.carillon.server.performing;

import dev.carillon.postgres.Database;
import dev.carillon.postgres.DatabaseClock;
import dev.carillon.schedule.Schedule;
import dev.carillon.schedule.history.History;
import dev.carillon.schedule.planning.Planner;
import dev.carillon.schedule.planning.PlannerLoop;
import dev.carillon.schedule.planning.Schedules;
import dev.carillon.schedule.running.ScheduleRuns;
import dev.carillon.schedule.running.ScheduleTarget;
import dev.carillon.schedule.running.Upkeep;
import dev.carillon.schedule.target.QueueTarget;
import dev.carillon.schedule.target.SqlStatements;
import dev.carillon.schedule.target.SqlTarget;
import dev.carillon.schedule.template.InputTemplate;
import dev.carillon.server.refresh.RefreshScheduleTarget;
import dev.carillon.server.refresh.Refreshing;
import dev.carillon.server.schedule.target.SqlStatementsFile;
import dev.carillon.server.schedule.target.WebhookScheduleTarget;
import dev.carillon.server.settings.Settings;
import dev.carillon.server.view.ViewScheduleTarget;
import dev.carillon.server.view.Viewing;
import dev.carillon.time.TimeZones;
import dev.carillon.webhook.endpoint.Endpoint;
import dev.carillon.webhook.endpoint.Endpoints;
import dev.carillon.webhook.traffic.Breaker;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes what plans and runs schedules in this process.
 *
 * @param settings what the operator set
 * @param database the pool, for runs
 * @param own the engine's connections, for planning
 * @param clock the database's clock
 * @param registry the metrics
 * @param endpoints where webhooks go
 * @param refreshing what drains run in
 * @param viewing what refreshes views
 */
record SchedulingFactory(
    Settings settings,
    Database database,
    Database own,
    DatabaseClock clock,
    MeterRegistry registry,
    Endpoints endpoints,
    Refreshing refreshing,
    Viewing viewing) {

  private static final String MISSED = "carillon.schedule.missed";
  private static final String ENDPOINT = "endpoint";

  /**
   * What plans and runs schedules, not yet started.
   *
   * @param hint tells the engine when something is due
   */
  Scheduling make(Schedules schedules, Deliveries deliveries, Consumer<Instant> hint) {
    SqlStatements statements = SqlStatementsFile.read(settings);
    @Nullable Database pool = pool(statements);
    SqlTarget sql =
        new SqlTarget(pool == null ? database : pool, statements, SqlTarget.DEFAULT_TIMEOUT, clock);
    ScheduleTargets targets =
        new ScheduleTargets(
            targets(deliveries, sql), InputTemplate::render, InputTemplate::problem);
    MissCounter missed = new MissCounter(new History(own.jdbi()), clock);
    registry.more().counter(MISSED, Tags.empty(), missed, MissCounter::count);
    Upkeep upkeep = new Upkeep(own.jdbi(), schedules, clock, hint);
    ScheduleRuns runs =
        new ScheduleRuns(
            database.jdbi(),
            targets.all().stream()
                .<ScheduleTarget>map(target -> new MeasuredTarget(target, registry))
                .toList(),
            targets.inputs(),
            upkeep::kick);
    return new Scheduling(
        new PlannerLoop(own.jdbi(), new Planner(TimeZones.ofJvm()), clock, runs::planned, hint),
        upkeep,
        runs,
        targets,
        schedule -> trouble(schedule, deliveries),
        missed,
        pool);
  }

  private List<ScheduleTarget> targets(Deliveries deliveries, SqlTarget sql) {
    return List.of(
        new WebhookScheduleTarget(deliveries.target()),
        sql,
        new QueueTarget(database.jdbi(), clock),
        new RefreshScheduleTarget(refreshing, clock),
        new ViewScheduleTarget(viewing, clock));
  }

  /** A pool for the statements of schedules; null if none may be run. */
  private @Nullable Database pool(SqlStatements statements) {
    if (statements.names().isEmpty()) {
      return null;
    }
    Database pool = database.another(SqlTarget.POOL_SIZE);
    try {
      SqlStatementsFile.check(statements, pool);
      return pool;
    } catch (SQLException e) {
      pool.close();
      throw new IllegalStateException("the database cannot check SQL_STATEMENTS_FILE", e);
    } catch (RuntimeException e) {
      pool.close();
      throw e;
    }
  }

  /** What is wrong with the endpoint that a schedule's messages go to. */
  private @Nullable String trouble(Schedule schedule, Deliveries deliveries) {
    var target = schedule.definition().target();
    if (!target.kind().equals(WebhookScheduleTarget.KIND)) {
      return null;
    }
    String ref = target.settings().path(ENDPOINT).asText(Endpoint.DEFAULT_NAME);
    Endpoint endpoint = endpoints.find(ref).orElse(null);
    if (endpoint == null) {
      return "there is no endpoint " + ref;
    }
    Endpoint.Disabled disabled = endpoint.disabled();
    if (disabled != null) {
      return "the endpoint %s has been disabled since %s: %s"
          .formatted(endpoint.name(), disabled.at(), disabled.reason());
    }
    Breaker breaker = deliveries.table().breakers(List.of(endpoint.id())).get(endpoint.id());
    return breaker == null || breaker.state(clock.instant()) != Breaker.State.OPEN
        ? null
        : "the endpoint %s fails and is left alone until %s"
            .formatted(endpoint.name(), breaker.openUntil());
  }
}
