package dev.carillon.view.optimisation;

import static java.util.Objects.requireNonNull;

import dev.carillon.postgres.Statements;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * A copy of {@code job_objects} in another form, which takes its place. What others change
 * meanwhile is noted by triggers and taken over in rounds; in the last, nobody writes. What a run
 * that died left behind is thrown away by the next.
 */
final class ObjectsCopy {

  /** A round that took over fewer changes than this is the last before the swap. */
  static final int FEW = 500;

  /** The most rounds: where more is written than can be taken over, the swap takes the rest. */
  static final int MAX_ROUNDS = 30;

  /** How often a batch or a round is tried that met a deleted job or another writer. */
  static final int TRIES = 20;

  /** foreign_key_violation, serialization_failure, deadlock_detected. */
  private static final Set<String> PASSING = Set.of("23503", "40001", "40P01");

  private static final Statements SQL = Statements.beside(ObjectsCopy.class, "objects_table.sql");

  private final Jdbi jdbi;
  private final PartitionedObjects.Form form;
  private final int batch;
  private final Progress progress;

  ObjectsCopy(Jdbi jdbi, PartitionedObjects.Form form, int batch, Progress progress) {
    this.jdbi = requireNonNull(jdbi, "jdbi is null");
    this.form = requireNonNull(form, "form is null");
    this.batch = batch;
    this.progress = requireNonNull(progress, "progress is null");
  }

  /** Lists of columns that the statements are filled with. */
  record Columns(Map<String, String> lists) {

    static Columns read(ResultSet row) throws SQLException {
      return new Columns(
          Map.of(
              "all_columns", row.getString("all_columns"),
              "key", row.getString("key"),
              "key_descending", row.getString("key_descending"),
              "last", row.getString("last"),
              "key_texts", row.getString("key_texts"),
              "same", row.getString("same"),
              "old_key", row.getString("old_key"),
              "new_key", row.getString("new_key"),
              "schema", row.getString("schema")));
    }

    <S extends SqlStatement<S>> S in(S statement) {
      lists.forEach(statement::define);
      return statement;
    }
  }

  /** How far the copy is: how many rows, and the key of the last; null if there was none. */
  private record Copied(int rows, @Nullable List<String> last) {

    static Copied read(ResultSet row) throws SQLException {
      @Nullable Array last = row.getArray("last");
      return new Copied(
          row.getInt("rows"), last == null ? null : List.of((String[]) last.getArray()));
    }
  }

  /** Copies, takes changes over, and swaps. */
  void run() {
    List<String> obstacles =
        jdbi.withHandle(
            handle -> handle.createQuery(SQL.get("obstacles")).mapTo(String.class).list());
    if (!obstacles.isEmpty()) {
      throw new IllegalStateException(
          "job_objects cannot be copied into another form: " + String.join("; ", obstacles));
    }
    clean();
    Columns columns =
        jdbi.withHandle(handle ->
            handle.createQuery(SQL.get("columns")).map((row, _) -> Columns.read(row)).one());
    prepare(columns);
    copy(columns);
    index();
    OffsetDateTime asOf = takeOver(columns);
    new ObjectsSwap(columns, asOf, progress).run(jdbi);
  }

  /** Removes what a run that did not end left behind. */
  void clean() {
    jdbi.useTransaction(handle ->
        Patient.locking(
            handle,
            locked ->
                List.of("clean_triggers", "clean_functions", "clean_tables")
                    .forEach(name -> Patient.run(locked, SQL.get(name)))));
  }

  private void prepare(Columns columns) {
    progress.say("  making an empty copy, and triggers that note what is changed");
    jdbi.useTransaction(handle ->
        Patient.locking(
            handle,
            locked -> {
              switch (form) {
                case PARTITIONED -> {
                  Patient.run(locked, SQL.get("create_partitioned"));
                  Patient.run(locked, partitions(locked));
                }
                case PLAIN, MISSING -> {
                  Patient.run(locked, SQL.get("create_plain"));
                  Patient.run(locked, list(locked, "plain_settings"));
                }
              }
              Patient.run(locked, list(locked, "switch_autovacuum_off"));
              Patient.run(locked, made(locked, "constraints"));
              note(locked, columns);
            }));
  }

  private static void note(Handle handle, Columns columns) {
    for (String name :
        List.of("create_changes", "create_changed", "create_truncated", "revoke_functions")) {
      columns.in(handle.createUpdate(SQL.get(name))).execute();
    }
    Patient.run(handle, SQL.get("create_changed_trigger"));
    Patient.run(handle, list(handle, "truncated_triggers"));
  }

  private void copy(Columns columns) {
    long all = jdbi.withHandle(h -> h.createQuery(SQL.get("estimate")).mapTo(Long.class).one());
    long done = 0;
    @Nullable List<String> last = null;
    Copied copied;
    do {
      @Nullable List<String> after = last;
      copied = passing(() -> copy(columns, after));
      done += copied.rows();
      last = copied.last();
      progress.say(
          String.format(Locale.ROOT, "  copied %,d rows of about %,d", done, Math.max(all, done)));
    } while (copied.rows() == batch);
  }

  private Copied copy(Columns columns, @Nullable List<String> last) {
    return jdbi.inTransaction(handle -> {
      Query query =
          last == null
              ? handle.createQuery(SQL.get("copy_first"))
              : handle
                  .createQuery(SQL.get("copy_next"))
                  .bindArray("last", String.class, last.toArray());
      return columns.in(query).bind("limit", batch).map((row, _) -> Copied.read(row)).one();
    });
  }

  private void index() {
    progress.say("  making its indexes");
    Patient.inTransaction(
        jdbi,
        handle -> {
          Patient.run(handle, made(handle, "indexes"));
          Patient.run(handle, SQL.get("analyze"));
        });
  }

  /** Rounds until few are left. Returns the time all before which is in the copy. */
  private OffsetDateTime takeOver(Columns columns) {
    for (int round = 1; ; round++) {
      Round result = passing(() -> round(columns));
      progress.say(
          String.format(Locale.ROOT, "  took over %,d changes of others", result.changes()));
      if (result.changes() < FEW || round == MAX_ROUNDS) {
        return result.asOf();
      }
    }
  }

  private record Round(int changes, OffsetDateTime asOf) {}

  private Round round(Columns columns) {
    return jdbi.inTransaction(handle -> {
      Patient.endure(handle);
      Patient.run(handle, SQL.get("one_snapshot"));
      OffsetDateTime asOf = handle.createQuery(SQL.get("as_of")).mapTo(OffsetDateTime.class).one();
      return new Round(takeChanges(handle, columns), asOf);
    });
  }

  /** Within one snapshot, or while nobody writes. */
  static int takeChanges(Handle handle, Columns columns) {
    if (columns.in(handle.createQuery(SQL.get("is_less"))).mapTo(Boolean.class).one()) {
      columns.in(handle.createUpdate(SQL.get("take_less"))).execute();
    }
    Patient.run(handle, SQL.get("by_key"));
    columns.in(handle.createUpdate(SQL.get("take_out"))).execute();
    columns.in(handle.createUpdate(SQL.get("take_over"))).execute();
    return handle.createUpdate(SQL.get("taken")).execute();
  }

  private List<String> partitions(Handle handle) {
    return handle
        .createQuery(SQL.get("partitions"))
        .bind("partitions", PartitionedObjects.PARTITIONS)
        .mapTo(String.class)
        .list();
  }

  private static List<String> list(Handle handle, String name) {
    return handle.createQuery(SQL.get(name)).mapTo(String.class).list();
  }

  private static List<String> made(Handle handle, String name) {
    return handle.createQuery(SQL.get(name)).map((row, _) -> row.getString("make")).list();
  }

  private static <T> T passing(Supplier<T> work) {
    for (int tries = 1; ; tries++) {
      try {
        return work.get();
      } catch (JdbiException e) {
        String state = Patient.state(e);
        if (state == null || !PASSING.contains(state) || tries == TRIES) {
          throw e;
        }
      }
    }
  }
}
