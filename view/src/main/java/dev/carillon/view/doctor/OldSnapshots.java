package dev.carillon.view.doctor;

import static java.util.Objects.requireNonNull;

import dev.carillon.postgres.Statements;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Sessions, prepared transactions and replication slots that keep dead rows from being removed.
 *
 * @param minAge younger transactions do not matter
 * @param minTransactions nor does what holds back fewer transactions than this
 * @param minWalBytes nor a slot that keeps less log than this
 */
record OldSnapshots(Duration minAge, long minTransactions, long minWalBytes) implements Check {

  private static final Statements SQL = Statements.beside(OldSnapshots.class, "server.sql");

  OldSnapshots {
    requireNonNull(minAge, "minAge is null");
  }

  /** What holds a snapshot. */
  enum Kind {
    SESSION,
    PREPARED,
    SLOT
  }

  record Holder(
      Kind kind,
      String id,
      String state,
      String owner,
      String application,
      Duration age,
      long transactions,
      long walBytes,
      List<Remedy> remedies) {

    static Holder read(ResultSet row) throws SQLException {
      return new Holder(
          Kind.valueOf(row.getString("kind")),
          row.getString("id"),
          row.getString("state"),
          row.getString("owner"),
          row.getString("application"),
          Duration.ofSeconds(row.getLong("age_seconds")),
          row.getLong("transactions"),
          row.getLong("wal_bytes"),
          Remedy.of(row));
    }
  }

  @Override
  public String name() {
    return "old-snapshots";
  }

  @Override
  public String reason() {
    return "No vacuum can remove a row that died after the oldest snapshot was taken.";
  }

  @Override
  public String allWell() {
    return "no transaction is older than %s, and no slot holds anything back"
        .formatted(Figures.age(minAge));
  }

  @Override
  public List<Advice> look(Handle handle) {
    List<Advice> found = new ArrayList<>();
    handle
        .createQuery(SQL.get("old_snapshots"))
        .bind("min_seconds", minAge.toSeconds())
        .bind("min_transactions", minTransactions)
        .bind("min_wal_bytes", minWalBytes)
        .bind("limit", MAX_FINDINGS)
        .map((row, _) -> judge(Holder.read(row)))
        .forEach(found::add);
    long hidden = handle.createQuery(SQL.get("hidden_sessions")).mapTo(Long.class).one();
    if (hidden > 0) {
      found.add(
          Advice.info(
              this,
              "the age of %s of other roles cannot be seen"
                  .formatted(Figures.count(hidden, "session")),
              List.of(Doctor.grant(handle))));
    }
    return found;
  }

  Advice judge(Holder one) {
    return switch (one.kind()) {
      case SESSION ->
          Advice.warning(
              this,
              "session %s (%s) of %s has been in a transaction for %s, %s: it holds back %s"
                  .formatted(
                      one.id(),
                      one.application(),
                      one.owner(),
                      Figures.age(one.age()),
                      one.state(),
                      Figures.count(one.transactions(), "transaction")),
              one.remedies());
      case PREPARED ->
          Advice.problem(
              this,
              "transaction %s of %s was prepared %s ago and never ended"
                  .formatted(one.id(), one.owner(), Figures.age(one.age())),
              one.remedies());
      case SLOT ->
          Advice.problem(
              this,
              "replication slot %s (%s, %s) keeps %s of log and holds back %s"
                  .formatted(
                      one.id(),
                      one.application(),
                      one.state(),
                      Figures.bytes(one.walBytes()),
                      Figures.count(one.transactions(), "transaction")),
              one.remedies());
    };
  }
}
