package dev.carillon.schedule.target;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.carillon.schedule.Schedule;
import dev.carillon.schedule.running.Run;
import dev.carillon.target.Receipt;
import java.time.Instant;

/** What the attempts log keeps of runs within the database; their lane is their schedule's. */
final class SqlReceipt {

  private SqlReceipt() {}

  /** An attempt that failed: the reason is told by its outcome. */
  static Receipt of(Run run, Instant startedAt) {
    return receipt(run, startedAt, "{}");
  }

  /** An attempt that was done, and how many rows it changed or read; 0 if it was done before. */
  static Receipt done(Run run, Instant startedAt, long rows) {
    return receipt(
        run, startedAt, JsonNodeFactory.instance.objectNode().put("rows", rows).toString());
  }

  private static Receipt receipt(Run run, Instant startedAt, String details) {
    return new Receipt(Schedule.lane(run.schedule().id()), startedAt, details);
  }
}
