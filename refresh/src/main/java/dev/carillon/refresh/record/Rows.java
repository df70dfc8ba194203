package dev.carillon.refresh.record;

import dev.carillon.refresh.request.RecordKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** Rows of this package's tables, as they are bound and read. */
final class Rows {

  private Rows() {}

  /** Binds a column of an array of rows, each value as text. */
  static <T> void bind(
      SqlStatement<?> statement,
      String name,
      Collection<T> rows,
      Function<T, ? extends @Nullable Object> value) {
    @Nullable Object[] texts = new @Nullable Object[rows.size()];
    int i = 0;
    for (T row : rows) {
      Object one = value.apply(row);
      texts[i++] = one == null ? null : one.toString();
    }
    statement.bindArray(name, String.class, texts);
  }

  static void bindKeys(SqlStatement<?> statement, List<RecordKey> keys) {
    bind(statement, "source", keys, RecordKey::source);
    bind(statement, "type", keys, RecordKey::type);
    bind(statement, "tag", keys, RecordKey::tag);
  }

  static RecordKey key(ResultSet row) throws SQLException {
    return new RecordKey(row.getString("source"), row.getString("type"), row.getString("tag"));
  }

  static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
