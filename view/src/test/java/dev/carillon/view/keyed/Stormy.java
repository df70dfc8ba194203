package dev.carillon.view.keyed;

import dev.carillon.view.Storm;
import dev.carillon.view.ViewName;
import java.sql.Connection;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** A yard in a storm. */
record Stormy(Yard yard) implements Storm.Subject {

  private static final List<ViewName> VIEWS = List.of(Yard.JOBS, Yard.GROUPS);

  @Override
  public String url() {
    return yard.url();
  }

  @Override
  public String change(Random random, int writer) {
    String mine = "id %% 4 = %d".formatted(writer);
    return switch (random.nextInt(3)) {
      case 0 -> "UPDATE note SET job = %d WHERE %s".formatted(random.nextInt(11), mine);
      case 1 -> "DELETE FROM job WHERE " + mine;
      default ->
          "INSERT INTO job SELECT g * 4 + %d, 'j%d' FROM generate_series(0, 3) g ON CONFLICT (id) DO UPDATE SET name = excluded.name"
              .formatted(writer, random.nextInt(100));
    };
  }

  @Override
  public String lock() {
    return "LOCK TABLE item, job, note IN ACCESS SHARE MODE";
  }

  /** Recorded keys do not count. */
  @Override
  public long differences(Connection connection) {
    // Not closed: the connection is the storm's.
    Handle handle = Jdbi.create(connection).open();
    return VIEWS.stream().mapToLong(view -> differences(handle, view)).sum();
  }

  private static long differences(Handle handle, ViewName view) {
    return handle
        .createQuery(StoredView.find(handle, view).orElseThrow().names().sql("audit"))
        .map((row, _) -> row.getLong("mismatches"))
        .findFirst()
        .orElse(0L);
  }

  static void work(Jdbi jdbi) {
    VIEWS.forEach(new Keyed(jdbi, Yard.LIMITS)::work);
  }

  static void resync(Jdbi jdbi) {
    VIEWS.forEach(new Keyed(jdbi, Yard.LIMITS)::resync);
  }

  static void look(Jdbi jdbi) {
    VIEWS.forEach(new Keyed(jdbi, Yard.LIMITS)::coverage);
  }

  /** Throws away all up to a number that was read before the query was run. */
  static Consumer<Jdbi> workBySequence(Yard yard) {
    KeyedNames names =
        yard.jdbi().withHandle(h -> StoredView.find(h, Yard.GROUPS)).orElseThrow().names();
    yard.run("ALTER TABLE " + names.dirty() + " ADD COLUMN seq bigserial");
    return jdbi -> jdbi.useTransaction(handle -> workUpTo(handle, names));
  }

  private static void workUpTo(Handle handle, KeyedNames names) {
    long read =
        handle
            .createQuery("SELECT coalesce(max(seq), 0) FROM " + names.dirty())
            .mapTo(Long.class)
            .one();
    for (String pattern : handle.createQuery(names.sql("patterns")).mapTo(String.class).list()) {
      String reading =
          names
              .sql("work", names.matching(pattern))
              .replaceFirst(
                  "(?s)DELETE FROM (\\S+)\\s+WHERE ctid .*? WHERE NOT whole AND (.*?) LIMIT.*?RETURNING (.*?)\\n\\)",
                  "SELECT $3 FROM $1 WHERE seq <= :read AND $2)");
      handle.createQuery(reading).bind("read", read).mapToMap().list();
    }
    handle
        .createUpdate("DELETE FROM " + names.dirty() + " WHERE seq <= :read")
        .bind("read", read)
        .execute();
  }
}
