package dev.carillon.schedule;

import static java.util.Objects.requireNonNull;

import dev.carillon.postgres.EventRows;
import dev.carillon.postgres.Statements;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * The calendars of a database: named lists of dates on which the schedules that name them do not
 * fire. A change holds for firings that are not planned yet, those more than two seconds ahead.
 * Safe for use by many threads and processes.
 */
public final class Calendars {

  /** The most dates of a calendar. */
  public static final int MAX_DATES = 10_000;

  /** The most calendars of one page. */
  public static final int MAX_PAGE = 500;

  private static final Statements SQL = Statements.beside(Calendars.class, "schedules.sql");

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final Runnable changed;

  /**
   * The calendars of a database.
   *
   * @param clock the engine's
   * @param changed is called after each commit by which schedules may fire at other times: the
   *     planner is to be kicked
   */
  public Calendars(Jdbi jdbi, InstantSource clock, Runnable changed) {
    this.jdbi = requireNonNull(jdbi, "jdbi is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.changed = requireNonNull(changed, "changed is null");
  }

  /**
   * A named list of dates.
   *
   * @param name its name
   * @param dates when nothing fires
   * @param source where the dates come from, such as a URL; null if they were given
   * @param updatedAt when it last changed
   * @param feed where they are fetched from again and again; null if they are not
   */
  public record Calendar(
      String name,
      Set<LocalDate> dates,
      @Nullable String source,
      Instant updatedAt,
      @Nullable Feed feed) {
    public Calendar {
      requireNonNull(updatedAt, "updatedAt is null");
      dates = Set.copyOf(dates);
      if (name.isBlank() || name.length() > Names.MAX_LENGTH) {
        throw new IllegalArgumentException(
            "name has %d characters: from 1 to %d are allowed"
                .formatted(name.length(), Names.MAX_LENGTH));
      }
      if (dates.size() > MAX_DATES) {
        throw new IllegalArgumentException(
            "dates has %d dates: at most %d are allowed".formatted(dates.size(), MAX_DATES));
      }
    }
  }

  /**
   * Where a calendar's dates are fetched from.
   *
   * @param url the URL
   * @param fetchedAt when they last were, with success
   * @param lastError why the last fetch failed; null if it did not
   */
  public record Feed(String url, Instant fetchedAt, @Nullable String lastError) {

    /** The longest URL, in characters. */
    public static final int MAX_URL_LENGTH = 2048;

    /** The longest reason of a failure, in characters. */
    public static final int MAX_ERROR_LENGTH = 500;

    public Feed {
      requireNonNull(fetchedAt, "fetchedAt is null");
      if (url.isEmpty() || url.length() > MAX_URL_LENGTH) {
        throw new IllegalArgumentException(
            "url has %d characters: from 1 to %d are allowed"
                .formatted(url.length(), MAX_URL_LENGTH));
      }
    }
  }

  /**
   * A calendar without its dates, of which a page of lists would have millions.
   *
   * @param name its name
   * @param count how many dates it has
   * @param source where the dates come from, such as a URL; null if they were given
   * @param updatedAt when it last changed
   * @param feed where they are fetched from again and again; null if they are not
   */
  public record Listed(
      String name, int count, @Nullable String source, Instant updatedAt, @Nullable Feed feed) {
    public Listed {
      requireNonNull(name, "name is null");
      requireNonNull(updatedAt, "updatedAt is null");
    }
  }

  /** What became of a request to delete a calendar. */
  public enum Deletion {
    /** Done. */
    DONE,
    /** There is no such calendar. */
    NOT_FOUND,
    /** A schedule names it. */
    IN_USE
  }

  /** Makes or replaces a calendar; its schedules are planned by the new dates from now on. */
  public Calendar put(String name, Set<LocalDate> dates, @Nullable String source) {
    return put(new Calendar(name, dates, source, now(), null));
  }

  /**
   * The same of dates that were just fetched, and are fetched again by {@link CalendarFeeds}.
   *
   * @param url where they were fetched from
   */
  public Calendar putFetched(
      String name, Set<LocalDate> dates, @Nullable String source, String url) {
    Instant now = now();
    return put(new Calendar(name, dates, source, now, new Feed(url, now, null)));
  }

  private Calendar put(Calendar calendar) {
    Instant now = calendar.updatedAt();
    Feed feed = calendar.feed();
    jdbi.useHandle(handle ->
        handle
            .createUpdate(SQL.get("put_calendar"))
            .bind("name", calendar.name())
            .bindArray("dates", String.class, ScheduleRows.texts(calendar.dates()))
            .bind("source", calendar.source())
            .bind("now", now)
            .bind("url", feed == null ? null : feed.url())
            .bind("fetch_at", feed == null ? null : now.plus(CalendarFeeds.EVERY))
            .bind("fetched_at", feed == null ? null : feed.fetchedAt())
            .execute());
    new NewDates(jdbi, calendar.name(), now).lookAgain();
    changed.run();
    return calendar;
  }

  /** What is answered to a change is what the database keeps of it. */
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /** A calendar. */
  public Optional<Calendar> find(String name) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(SQL.get("find_calendar"))
            .bind("name", name)
            .map((row, _) -> read(row))
            .findOne());
  }

  /**
   * A page of calendars, by name, without their dates.
   *
   * @param after the last name of the page before; null for the first page
   */
  public List<Listed> list(@Nullable String after, int limit) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(SQL.get("list_calendars"))
            .bind("after", after)
            .bind("limit", Math.clamp(limit, 1, MAX_PAGE + 1))
            .map((row, _) ->
                new Listed(
                    row.getString("name"),
                    row.getInt("count"),
                    row.getString("source"),
                    EventRows.instant(row, "updated_at"),
                    feed(row)))
            .list());
  }

  /** Which dates the named calendars list, read at once; an unknown one lists none. */
  public Map<String, Set<LocalDate>> dates(Collection<String> names) {
    return jdbi.withHandle(handle -> ScheduleTable.calendarDates(handle, names));
  }

  /** Deletes a calendar that no schedule names. */
  public Deletion delete(String name) {
    return jdbi.inTransaction(handle -> {
      // Whoever makes a schedule that names it holds it meanwhile.
      boolean exists =
          handle
              .createQuery(SQL.get("lock_calendar"))
              .bind("name", name)
              .mapTo(String.class)
              .findOne()
              .isPresent();
      if (!exists) {
        return Deletion.NOT_FOUND;
      }
      boolean isUsed =
          handle
              .createQuery(SQL.get("is_used_calendar"))
              .bind("name", name)
              .mapTo(Boolean.class)
              .one();
      if (isUsed) {
        return Deletion.IN_USE;
      }
      handle.createUpdate(SQL.get("delete_calendar")).bind("name", name).execute();
      return Deletion.DONE;
    });
  }

  /** A calendar that a definition names and that does not exist; the others are held. */
  public static Optional<String> unknown(Handle handle, Definition definition) {
    List<String> names = definition.timing().calendars();
    if (names.isEmpty()) {
      return Optional.empty();
    }
    Set<String> known =
        new HashSet<>(
            handle
                .createQuery(SQL.get("known_calendars"))
                .bindArray("names", String.class, names.toArray())
                .mapTo(String.class)
                .list());
    return names.stream().filter(name -> !known.contains(name)).findFirst();
  }

  static Calendar read(ResultSet row) throws SQLException {
    return new Calendar(
        row.getString("name"),
        ScheduleRows.dates(row.getArray("dates")),
        row.getString("source"),
        EventRows.instant(row, "updated_at"),
        feed(row));
  }

  private static @Nullable Feed feed(ResultSet row) throws SQLException {
    String url = row.getString("url");
    return url == null
        ? null
        : new Feed(url, EventRows.instant(row, "fetched_at"), row.getString("last_error"));
  }
}
