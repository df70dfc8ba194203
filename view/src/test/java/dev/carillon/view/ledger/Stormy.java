package dev.carillon.view.ledger;

import dev.carillon.view.Storm;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Random;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** A shop in a storm. */
record Stormy(Shop shop) implements Storm.Subject {

  @Override
  public String url() {
    return shop.url();
  }

  @Override
  public String change(Random random, int writer) {
    return random.nextBoolean()
        ? "UPDATE item SET note = note || 'x' WHERE id %% 4 = %d".formatted(writer)
        : "UPDATE item SET size = %d WHERE id %% 4 = %d AND id %% 3 = 0"
            .formatted(random.nextInt(100), writer);
  }

  @Override
  public String lock() {
    return "LOCK TABLE item IN ACCESS SHARE MODE";
  }

  @Override
  public long differences(Connection connection) throws SQLException {
    return Shop.differences(connection);
  }

  static void fold(Jdbi jdbi) {
    new Ledger(jdbi).fold(Shop.VIEW);
  }

  static void resync(Jdbi jdbi) {
    new Ledger(jdbi).resync(Shop.VIEW);
  }

  static void look(Jdbi jdbi) {
    new Ledger(jdbi).coverage(Shop.VIEW);
  }

  /**
   * The mistake that others make: how far there is to read is asked first, by a sequence, and all
   * up to there is thrown away last; what was committed in between is lost.
   */
  static Consumer<Jdbi> foldBySequence(Shop shop) {
    PartNames names =
        shop.jdbi().withHandle(handle -> StoredPart.of(handle, Shop.VIEW)).getFirst().names();
    shop.run("ALTER TABLE " + names.ledger() + " ADD COLUMN seq bigserial");
    String reading =
        names
            .sql("fold")
            .replaceFirst(
                "(?s)DELETE FROM (\\S+).*?RETURNING (.*?)\\n\\)",
                "SELECT $2 FROM $1 WHERE seq <= :read)");
    String throwing = "DELETE FROM " + names.ledger() + " WHERE seq <= :read";
    String far = "SELECT coalesce(max(seq), 0) FROM " + names.ledger();
    return jdbi -> jdbi.useTransaction(handle -> foldUpTo(handle, far, reading, throwing));
  }

  private static void foldUpTo(Handle handle, String far, String reading, String throwing) {
    long read = handle.createQuery(far).mapTo(Long.class).one();
    handle.createQuery(reading).bind("read", read).mapToMap().list();
    handle.createUpdate(throwing).bind("read", read).execute();
  }
}
