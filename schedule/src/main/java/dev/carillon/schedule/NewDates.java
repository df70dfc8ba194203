package dev.carillon.schedule;

import dev.carillon.postgres.EventRows;
import dev.carillon.postgres.Statements;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * A change of a calendar's dates that is committed, but by which its schedules are not planned yet.
 * There may be a million of them, so they are made to be looked at in pages, each in a transaction
 * of its own. Until that is done the calendar says so: if the process dies meanwhile, another one
 * begins again, which repeats nothing.
 *
 * @param jdbi runs the statements
 * @param calendar whose dates are others
 * @param since when they changed
 */
record NewDates(Jdbi jdbi, String calendar, Instant since) {

  /** The most schedules of one transaction. */
  static final int PAGE = 500;

  /** The most calendars of one list of those that are not done. */
  static final int MAX_LISTED = 100;

  private static final Statements SQL = Statements.beside(NewDates.class, "schedules.sql");

  /** Changes before an instant that are not done. */
  static List<NewDates> before(Jdbi jdbi, Instant before) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(SQL.get("unlooked"))
            .bind("before", before)
            .bind("limit", MAX_LISTED)
            .map((row, _) ->
                new NewDates(jdbi, row.getString("name"), EventRows.instant(row, "look_since")))
            .list());
  }

  /** The schedules that name the calendar are planned anew from the change on. */
  void lookAgain() {
    List<UUID> page = lookAgain(null);
    while (page.size() == PAGE) {
      page = lookAgain(page.getLast());
    }
    jdbi.useHandle(handle ->
        handle
            .createUpdate(SQL.get("looked"))
            .bind("name", calendar)
            .bind("since", since)
            .execute());
  }

  private List<UUID> lookAgain(@Nullable UUID after) {
    return jdbi.inTransaction(handle ->
        handle
            .createQuery(SQL.get("look_again"))
            .bind("name", calendar)
            .bind("since", since)
            .bind("after", after)
            .bind("limit", PAGE)
            .mapTo(UUID.class)
            .list());
  }
}
