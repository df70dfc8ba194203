package dev.carillon.view.ledger;

import dev.carillon.view.ViewName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code ledger_part}.
 *
 * @param names what is generated for the part is called
 * @param definition the aggregate as it was generated
 * @param exact whether base and ledger were equal to the table when last looked at
 * @param reason why not; null if exact
 * @param fingerprint what triggers and partitions were when the base was last filled
 * @param dropping whether a drop has begun
 */
record StoredPart(
    PartNames names,
    String definition,
    boolean exact,
    @Nullable String reason,
    @Nullable String fingerprint,
    boolean dropping,
    @Nullable Instant syncedAt,
    @Nullable Instant foldedAt) {

  static List<StoredPart> of(Handle handle, ViewName view) {
    return handle
        .createQuery(Ledger.SQL.get("parts"))
        .bind("view", view.text())
        .map((row, _) -> from(row))
        .list();
  }

  private static StoredPart from(ResultSet row) throws SQLException {
    PartNames names =
        new PartNames(
            row.getString("schema_name"),
            new ViewName(row.getString("view_name")),
            row.getInt("part"),
            row.getInt("keys"),
            row.getBoolean("keyless"),
            row.getInt("measures"));
    return new StoredPart(
        names,
        row.getString("definition"),
        row.getBoolean("exact"),
        row.getString("reason"),
        row.getString("fingerprint"),
        row.getBoolean("dropping"),
        instant(row, "synced_at"),
        instant(row, "folded_at"));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
