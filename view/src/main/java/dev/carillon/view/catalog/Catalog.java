package dev.carillon.view.catalog;

import dev.carillon.postgres.Statements;
import dev.carillon.view.Tier;
import dev.carillon.view.ViewName;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** The tables of registered views and how they are, within the caller's transaction. */
public final class Catalog {

  /** The most views that are registered, and that a list has. */
  public static final int MAX_VIEWS = 1_000;

  private static final Statements SQL = Statements.beside(Catalog.class, "catalog.sql");

  private Catalog() {}

  /** Registers a view; false if its name is taken. */
  public static boolean insert(Handle handle, RegisteredView view) {
    Update insert = handle.createUpdate(SQL.get("insert")).bind("created_at", at(view.createdAt()));
    if (declared(insert, view).execute() == 0) {
      return false;
    }
    handle.createUpdate(SQL.get("insert_state")).bind("name", view.name().text()).execute();
    return true;
  }

  /** Writes anew what was declared of a view; false if it is not registered. */
  public static boolean update(Handle handle, RegisteredView view) {
    return declared(handle.createUpdate(SQL.get("update")), view).execute() == 1;
  }

  /**
   * Forgets a view with its state, but not its history; false if it is not registered. Waits for
   * whoever works on it.
   */
  public static boolean delete(Handle handle, ViewName name) {
    return handle.createUpdate(SQL.get("delete")).bind("name", name.text()).execute() == 1;
  }

  /** A registered view. */
  public static Optional<RegisteredView> find(Handle handle, ViewName name) {
    return handle
        .createQuery(SQL.get("find"))
        .bind("name", name.text())
        .map((row, _) -> view(row))
        .findOne();
  }

  /** All registered views by name, at most {@link #MAX_VIEWS}. */
  public static List<RegisteredView> list(Handle handle) {
    return handle
        .createQuery(SQL.get("list"))
        .bind("limit", MAX_VIEWS)
        .map((row, _) -> view(row))
        .list();
  }

  /** How a registered view is. */
  public static Optional<ViewState> state(Handle handle, ViewName name) {
    return handle
        .createQuery(SQL.get("state"))
        .bind("name", name.text())
        .map((row, _) -> state(row))
        .findOne();
  }

  /** How all registered views are, by name, at most {@link #MAX_VIEWS}. */
  public static List<ViewState> states(Handle handle) {
    return handle
        .createQuery(SQL.get("states"))
        .bind("limit", MAX_VIEWS)
        .map((row, _) -> state(row))
        .list();
  }

  /**
   * Makes the caller the only one who works on a view until the transaction ends. Never waits.
   *
   * @return false if somebody works on it, or it is not registered
   */
  public static boolean guard(Handle handle, ViewName name) {
    return handle
        .createQuery(SQL.get("guard"))
        .bind("name", name.text())
        .mapTo(Boolean.class)
        .findOne()
        .isPresent();
  }

  /** Notes that a view was brought up to date: failures before are over. */
  public static void noteSuccess(Handle handle, ViewName name) {
    handle.createUpdate(SQL.get("note_success")).bind("name", name.text()).execute();
  }

  /**
   * Notes that an attempt to bring a view up to date failed.
   *
   * @param error why; longer than 2,000 characters is cut
   * @param wait after how long it is tried again
   */
  public static void noteFailure(Handle handle, ViewName name, String error, Duration wait) {
    handle
        .createUpdate(SQL.get("note_failure"))
        .bind("name", name.text())
        .bind("error", error)
        .bind("wait_millis", wait.toMillis())
        .execute();
  }

  /** Notes that a view equals its query as of its time, proven now. */
  public static void noteExact(Handle handle, ViewName name) {
    handle.createUpdate(SQL.get("note_exact")).bind("name", name.text()).execute();
  }

  /** Notes that a view may differ from its query, and why. */
  public static void noteInexact(Handle handle, ViewName name, String reason) {
    handle
        .createUpdate(SQL.get("note_inexact"))
        .bind("name", name.text())
        .bind("reason", reason)
        .execute();
  }

  /** Views of a tier whose last attempt failed and that are to be tried again by now. */
  public static List<ViewName> retriesDue(Handle handle, Tier tier, int most) {
    return handle
        .createQuery(SQL.get("retries_due"))
        .bind("tier", tier.name())
        .bind("limit", most)
        .map((row, _) -> new ViewName(row.getString(1)))
        .list();
  }

  private static Update declared(Update statement, RegisteredView view) {
    return statement
        .bind("name", view.name().text())
        .bind("tier", view.tier().name())
        .bind("query", view.query())
        .bindArray("key_columns", String.class, view.keyColumns().toArray())
        .bind("interval_millis", view.interval().toMillis())
        .bind("objective_millis", view.objective().toMillis());
  }

  private static RegisteredView view(ResultSet row) throws SQLException {
    return new RegisteredView(
        new ViewName(row.getString("name")),
        Tier.valueOf(row.getString("tier")),
        row.getString("query"),
        texts(row.getArray("key_columns")),
        Duration.ofMillis(row.getLong("interval_millis")),
        Duration.ofMillis(row.getLong("objective_millis")),
        row.getObject("created_at", OffsetDateTime.class).toInstant());
  }

  private static ViewState state(ResultSet row) throws SQLException {
    return new ViewState(
        new ViewName(row.getString("view_name")),
        row.getBoolean("exact"),
        row.getString("reason"),
        instant(row, "proven_at"),
        row.getInt("failures"),
        row.getString("last_error"),
        instant(row, "last_error_at"),
        instant(row, "retry_at"));
  }

  private static List<String> texts(Array array) throws SQLException {
    return List.of((String[]) array.getArray());
  }

  private static OffsetDateTime at(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
    return value == null ? null : value.toInstant();
  }
}
