package dev.carillon.server.calendar;

import static java.util.Objects.requireNonNull;

import dev.carillon.schedule.CalendarFeeds;
import dev.carillon.schedule.CalendarFeeds.Claim;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps calendars as their sources have them. One that cannot be fetched keeps its dates. Safe for
 * use by many threads.
 */
public final class CalendarRefresh implements AutoCloseable {

  /** The most calendars that are fetched in one round. */
  public static final int MAX_PER_ROUND = 100;

  private static final Logger LOG = LoggerFactory.getLogger(CalendarRefresh.class);

  private final CalendarFeeds feeds;
  private final CalendarSource source;

  /** Keeps these by what the source fetches; the source is closed with it. */
  public CalendarRefresh(CalendarFeeds feeds, CalendarSource source) {
    this.feeds = requireNonNull(feeds, "feeds is null");
    this.source = requireNonNull(source, "source is null");
  }

  /**
   * Fetches what is not stored yet.
   *
   * @throws InterruptedException if the calling thread was interrupted meanwhile
   */
  public CalendarAnswer fetch(String url) throws InterruptedException {
    return source.fetch(url);
  }

  /**
   * Fetches a calendar now, and stores what became of it.
   *
   * @return empty if there is no calendar of this name that has a URL
   * @throws InterruptedException if the calling thread was interrupted meanwhile
   */
  public Optional<CalendarAnswer> refresh(String name) throws InterruptedException {
    Claim claim = feeds.claim(name).orElse(null);
    return claim == null ? Optional.empty() : Optional.of(refresh(claim));
  }

  /**
   * Fetches the calendars that are due, one after the other, and ends what was left undone.
   *
   * @throws InterruptedException if the calling thread was interrupted meanwhile: the calendar that
   *     it was at is due again when its claim has run out
   */
  public void refreshDue() throws InterruptedException {
    feeds.endLeft();
    for (int i = 0; i < MAX_PER_ROUND; i++) {
      Claim claim = feeds.claimDue().orElse(null);
      if (claim == null) {
        return;
      }
      var _ = refresh(claim);
    }
  }

  @Override
  public void close() {
    source.close();
  }

  private CalendarAnswer refresh(Claim claim) throws InterruptedException {
    CalendarAnswer answer = stored(claim);
    switch (answer) {
      case CalendarAnswer.Read _ -> {}
      case CalendarAnswer.NotAllowed(String reason) -> failed(claim, "its url " + reason);
      case CalendarAnswer.Failed(String reason) -> failed(claim, reason);
    }
    return answer;
  }

  /** What nobody thought of is told where it is looked for, and does not stop the others. */
  private CalendarAnswer stored(Claim claim) throws InterruptedException {
    try {
      CalendarAnswer answer = source.fetch(claim.url());
      if (answer instanceof CalendarAnswer.Read(var read)) {
        feeds.fetched(claim, read.dates());
      }
      return answer;
    } catch (RuntimeException e) {
      return new CalendarAnswer.Failed("it could not be stored: " + kind(e));
    }
  }

  /** Its message may repeat the URL, which may hold a token. */
  private static String kind(Throwable error) {
    Throwable cause = error.getCause();
    return error.getClass().getSimpleName() + (cause == null ? "" : " by " + kind(cause));
  }

  private void failed(Claim claim, String reason) {
    feeds.failed(claim, reason);
    LOG.warn("the calendar {} cannot be fetched and keeps its dates: {}", claim.name(), reason);
  }
}
