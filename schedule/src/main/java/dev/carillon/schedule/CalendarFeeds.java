package dev.carillon.schedule;

import static java.util.Objects.requireNonNull;

import dev.carillon.postgres.EventRows;
import dev.carillon.postgres.Statements;
import dev.carillon.schedule.Calendars.Calendar;
import dev.carillon.schedule.Calendars.Feed;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Which calendars are to be fetched from their URLs, and what becomes of them. A calendar is
 * claimed, fetched without a transaction, and stored only if nobody has claimed or changed it
 * meanwhile. Safe for use by many threads and processes.
 */
public final class CalendarFeeds {

  /** How long after a fetch a calendar is fetched again. */
  public static final Duration EVERY = Duration.ofHours(24);

  /** How long after a fetch that failed it is tried again. */
  public static final Duration RETRY_AFTER = Duration.ofHours(1);

  /** How long a claim holds: more than a fetch takes. Then another process fetches it. */
  public static final Duration CLAIM = Duration.ofMinutes(5);

  private static final Statements SQL = Statements.beside(CalendarFeeds.class, "schedules.sql");

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final Runnable changed;

  /**
   * The calendars of a database.
   *
   * @param clock the engine's
   * @param changed is called after each commit by which schedules may fire at other times
   */
  public CalendarFeeds(Jdbi jdbi, InstantSource clock, Runnable changed) {
    this.jdbi = requireNonNull(jdbi, "jdbi is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.changed = requireNonNull(changed, "changed is null");
  }

  /**
   * A calendar that its holder is to fetch.
   *
   * @param name its name
   * @param url where its dates are
   * @param until how long the claim holds, by which it is known
   */
  public record Claim(String name, String url, Instant until) {
    public Claim {
      requireNonNull(name, "name is null");
      requireNonNull(url, "url is null");
      requireNonNull(until, "until is null");
    }

    /** Does not repeat the URL, which may hold a token. */
    @Override
    public String toString() {
      return "Claim[name=%s, until=%s]".formatted(name, until);
    }
  }

  /** Claims the calendar whose fetch is due longest, if one is; waits for nobody. */
  public Optional<Claim> claimDue() {
    Instant now = now();
    return jdbi.withHandle(handle ->
        handle
            .createQuery(SQL.get("claim_due_feed"))
            .bind("now", now)
            .bind("until", now.plus(CLAIM))
            .map((row, _) -> claim(row))
            .findOne());
  }

  /** Claims a calendar, whoever else has; empty if there is none of this name with a URL. */
  public Optional<Claim> claim(String name) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(SQL.get("claim_feed"))
            .bind("name", name)
            .bind("until", now().plus(CLAIM))
            .map((row, _) -> claim(row))
            .findOne());
  }

  /**
   * Stores what was fetched. If the dates are others than before, the calendar's schedules are
   * planned by them from now on.
   *
   * @return whether it was stored: false if the calendar was claimed, changed or deleted meanwhile
   */
  public boolean fetched(Claim claim, Set<LocalDate> dates) {
    Instant now = now();
    Optional<Calendar> before =
        jdbi.inTransaction(handle -> {
          Optional<Calendar> held = lock(handle, claim);
          held.ifPresent(calendar -> store(handle, calendar, dates, now));
          return held;
        });
    if (before.isPresent() && !before.get().dates().equals(dates)) {
      new NewDates(jdbi, claim.name(), now).lookAgain();
      changed.run();
    }
    return before.isPresent();
  }

  /**
   * Ends what a process has left undone that died after it had stored a calendar's dates: that its
   * schedules are planned by them.
   */
  public void endLeft() {
    List<NewDates> left = NewDates.before(jdbi, now().minus(CLAIM));
    left.forEach(NewDates::lookAgain);
    if (!left.isEmpty()) {
      changed.run();
    }
  }

  /** Notes that a fetch failed; the calendar keeps its dates. */
  public void failed(Claim claim, String reason) {
    int most = Math.min(reason.length(), Feed.MAX_ERROR_LENGTH);
    jdbi.useHandle(handle ->
        handle
            .createUpdate(SQL.get("feed_failed"))
            .bind("name", claim.name())
            .bind("url", claim.url())
            .bind("claim", claim.until())
            .bind("fetch_at", now().plus(RETRY_AFTER))
            .bind("error", reason.substring(0, most))
            .execute());
  }

  private static Optional<Calendar> lock(Handle handle, Claim claim) {
    return handle
        .createQuery(SQL.get("lock_feed"))
        .bind("name", claim.name())
        .bind("url", claim.url())
        .bind("claim", claim.until())
        .map((row, _) -> Calendars.read(row))
        .findOne();
  }

  private static void store(Handle handle, Calendar before, Set<LocalDate> dates, Instant now) {
    boolean isChanged = !before.dates().equals(dates);
    handle
        .createUpdate(SQL.get("feed_fetched"))
        .bind("name", before.name())
        .bindArray("dates", String.class, ScheduleRows.texts(dates))
        .bind("updated_at", isChanged ? now : before.updatedAt())
        .bind("fetch_at", now.plus(EVERY))
        .bind("now", now)
        .bind("look_since", isChanged ? now : null)
        .execute();
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private static Claim claim(ResultSet row) throws SQLException {
    return new Claim(
        row.getString("name"), row.getString("url"), EventRows.instant(row, "fetch_at"));
  }
}
