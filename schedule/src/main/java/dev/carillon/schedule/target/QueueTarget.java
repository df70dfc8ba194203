package dev.carillon.schedule.target;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.schedule.Names;
import dev.carillon.schedule.running.Run;
import dev.carillon.schedule.running.ScheduleTarget;
import dev.carillon.schedule.template.InputJson;
import dev.carillon.target.Outcome;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * A target that puts a message into a queue, which is rows of the table {@code queue_message}: one
 * for each run, also if the run comes again. The message is the schedule's input; without one it is
 * a {@link FiredMessage}. Safe for use by many threads.
 */
public final class QueueTarget implements ScheduleTarget {

  /** The kind, as schedules name it. */
  public static final String KIND = "queue";

  private static final String QUEUE = "queue";

  private final Jdbi jdbi;
  private final InstantSource clock;

  /** A target that keeps its queues in this database. */
  public QueueTarget(Jdbi jdbi, InstantSource clock) {
    this.jdbi = requireNonNull(jdbi, "jdbi is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Optional<String> problem(JsonNode settings) {
    return SettingsFields.unknown(settings, Set.of(QUEUE)).or(() -> queueProblem(settings));
  }

  @Override
  public Outcome run(Run run) throws InterruptedException {
    Optional<String> problem = problem(run.settings());
    if (problem.isPresent()) {
      return new Outcome.Rejected("target " + problem.get());
    }
    Instant now = clock.instant();
    UUID id = run.attempt().event().id();
    try {
      int rows =
          jdbi.withHandle(handle ->
              handle
                  .createUpdate(SqlRuns.SQL.get("enqueue"))
                  .bind("run", id)
                  .bind("now", now)
                  .bind("queue", run.settings().path(QUEUE).asText())
                  .bind("payload", payload(run).toString())
                  .execute());
      return new Outcome.Succeeded(SqlReceipt.done(run, now, rows));
    } catch (JdbiException e) {
      return SqlFailure.of(e, "the message", List.of()).outcome(SqlReceipt.of(run, now));
    }
  }

  private static JsonNode payload(Run run) {
    return run.input() == null ? FiredMessage.of(run) : InputJson.of(run.input());
  }

  private static Optional<String> queueProblem(JsonNode settings) {
    JsonNode queue = settings.path(QUEUE);
    return queue.isTextual() && Names.isName(queue.asText())
        ? Optional.empty()
        : Optional.of("queue must have from " + Names.ALLOWED);
  }
}
