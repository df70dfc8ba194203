package dev.carillon.view.capture;

import dev.carillon.postgres.Statements;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The triggers of a capture, on its table and on each partition. Each table is dealt with in a
 * transaction of its own, so that no two of them are locked at once.
 */
public record Triggers(Jdbi jdbi, Patiently patiently) {

  /** How long an autovacuum is waited for; longer than {@code deadlock_timeout}, when it yields. */
  static final Duration AUTOVACUUM_WAIT = Duration.ofMillis(1_500);

  private static final Statements LOCKS = Statements.beside(Triggers.class, "locks.sql");

  /**
   * Makes what is missing, switches on what is off, and takes triggers off detached tables.
   *
   * @param wanted asked in each transaction before it makes a trigger; must keep the answer from
   *     changing until the end, since a trigger whose function is dropped fails all writes
   * @throws CaptureBusy if a table could not be locked; all that could be are dealt with
   */
  public void makeWhole(Capture capture, Predicate<Handle> wanted) {
    SourceTree tree = jdbi.withHandle(handle -> SourceTree.of(handle, capture));
    List<CaptureBusy> busy = new ArrayList<>();
    for (SourceTree.Member member : tree.members()) {
      if (!member.isForeign() && !member.isWhole()) {
        try {
          install(capture, member, wanted);
        } catch (CaptureBusy e) {
          busy.add(e);
        }
      }
    }
    if (!busy.isEmpty()) {
      throw busy.getFirst();
    }
    Long[] inTree = tree.members().stream().map(SourceTree.Member::oid).toArray(Long[]::new);
    List<String> strays =
        jdbi.withHandle(handle ->
            handle
                .createQuery(Capture.SQL.get("strays"))
                .bind("capture", capture.function())
                .bind("tree", inTree)
                .mapTo(String.class)
                .list());
    strays.forEach(table -> remove(capture, table));
  }

  /** Takes the triggers off all tables. */
  public void removeAll(Capture capture) {
    List<String> tables =
        jdbi.withHandle(handle ->
            handle
                .createQuery(Capture.SQL.get("triggered"))
                .bind("capture", capture.function())
                .mapTo(String.class)
                .list());
    tables.forEach(table -> remove(capture, table));
  }

  private void install(Capture capture, SourceTree.Member member, Predicate<Handle> wanted) {
    Map<String, String> values =
        Map.of("table", member.name(), "place", member.root() ? "'root'" : "'partition'");
    patiently.transaction(
        "triggers on " + member.name(),
        handle -> {
          if (!wanted.test(handle)) {
            return member;
          }
          letAutovacuumYield(handle, member);
          RawSql.execute(handle, capture.sql("lock_for_triggers", values));
          if (isWholeNow(handle, capture, member)) {
            return member;
          }
          RawSql.execute(handle, capture.sql("drop_triggers", values));
          for (String event : Capture.EVENTS) {
            RawSql.execute(handle, capture.sql("trigger_" + event, values));
          }
          RawSql.execute(handle, capture.sql("enable_triggers", values));
          return member;
        });
  }

  private void letAutovacuumYield(Handle handle, SourceTree.Member member) {
    if (patiently.lockTimeout().compareTo(AUTOVACUUM_WAIT) < 0) {
      handle
          .createQuery(LOCKS.get("let_autovacuum_yield"))
          .bind("millis", Long.toString(AUTOVACUUM_WAIT.toMillis()))
          .bind("table", member.oid())
          .mapTo(String.class)
          .findFirst();
    }
  }

  /** Whether another process was quicker. */
  private static boolean isWholeNow(Handle handle, Capture capture, SourceTree.Member member) {
    return SourceTree.of(handle, capture).members().stream()
        .anyMatch(now -> now.oid() == member.oid() && now.isWhole());
  }

  private void remove(Capture capture, String table) {
    patiently.transaction(
        "triggers on " + table,
        handle -> {
          RawSql.execute(handle, capture.sql("drop_triggers", Map.of("table", table)));
          return table;
        });
  }
}
