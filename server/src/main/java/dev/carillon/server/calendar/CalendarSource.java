package dev.carillon.server.calendar;

import static java.util.Objects.requireNonNull;

import dev.carillon.schedule.Calendars.Feed;
import dev.carillon.schedule.calendar.IcsDates;
import dev.carillon.server.calendar.CalendarAnswer.Failed;
import dev.carillon.server.calendar.CalendarUrl.Redirect;
import dev.carillon.server.http.MediaTypes;
import dev.carillon.webhook.http.Fault;
import dev.carillon.webhook.http.Fetched;
import dev.carillon.webhook.http.PlainText;
import dev.carillon.webhook.http.TextRequest;
import dev.carillon.webhook.http.TextResponse;
import dev.carillon.webhook.http.WebhookClient;
import dev.carillon.webhook.http.WebhookRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches iCalendar texts. Redirects are followed, and the address of each is judged like the
 * first. Every fetch is of the whole text: it is a small one once a day, and rules are followed
 * from the day of the fetch, which a "not modified" would hide. Safe for use by many threads.
 */
public final class CalendarSource implements AutoCloseable {

  /** The most redirects that are followed. */
  public static final int MAX_REDIRECTS = 3;

  /** The longest that a fetch takes, its redirects included. */
  public static final Duration TIMEOUT = Duration.ofSeconds(20);

  /** The largest iCalendar text, in bytes. */
  public static final int MAX_BYTES = MediaTypes.MAX_ICALENDAR_BYTES;

  private static final Logger LOG = LoggerFactory.getLogger(CalendarSource.class);
  private static final String ACCEPT = MediaTypes.ICALENDAR + ", */*;q=0.1";
  private static final int OK = 200;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  private final WebhookClient client;
  private final InstantSource clock;
  private final boolean mayLeaveTls;

  private sealed interface Step {
    record Onward(URI url) implements Step {}

    record Ended(CalendarAnswer answer) implements Step {}
  }

  /**
   * Fetches by a client, which is closed with it.
   *
   * @param mayLeaveTls whether https may redirect to http
   */
  public CalendarSource(WebhookClient client, InstantSource clock, boolean mayLeaveTls) {
    this.client = requireNonNull(client, "client is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.mayLeaveTls = mayLeaveTls;
  }

  /**
   * Fetches a calendar on the calling thread, which is to be a virtual one.
   *
   * @throws InterruptedException if the calling thread was interrupted meanwhile
   */
  public CalendarAnswer fetch(String url) throws InterruptedException {
    try {
      return fetch(new URI(url));
    } catch (URISyntaxException _) {
      return new CalendarAnswer.NotAllowed("is no URL");
    }
  }

  @Override
  public void close() {
    client.close();
  }

  private CalendarAnswer fetch(URI first) throws InterruptedException {
    long start = System.nanoTime();
    URI url = first;
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      Duration left = TIMEOUT.minusNanos(System.nanoTime() - start);
      if (left.compareTo(WebhookRequest.SHORTEST_TIMEOUT) < 0) {
        return new Failed("time-out after %d s in all".formatted(TIMEOUT.toSeconds()));
      }
      switch (step(url, left)) {
        case Step.Ended(CalendarAnswer answer) -> {
          return answer;
        }
        case Step.Onward(URI next) -> url = next;
      }
    }
    return new Failed("it redirects more than %d times".formatted(MAX_REDIRECTS));
  }

  private Step step(URI url, Duration timeout) throws InterruptedException {
    return switch (client.get(new TextRequest(url, ACCEPT, MAX_BYTES, timeout))) {
      case Fetched.Answered(TextResponse response) when REDIRECTS.contains(response.status()) ->
          switch (CalendarUrl.redirect(url, response.location(), mayLeaveTls)) {
            case Redirect.To(URI next) -> new Step.Onward(next);
            case Redirect.Wrong(String reason) -> new Step.Ended(new Failed(reason));
          };
      case Fetched.Answered(TextResponse response) -> new Step.Ended(read(response));
      case Fetched.Unanswered(Fault fault, String reason) -> new Step.Ended(failed(fault, reason));
    };
  }

  private CalendarAnswer read(TextResponse response) {
    if (response.status() != OK) {
      return new Failed("it answered with the status %d".formatted(response.status()));
    }
    try {
      return new CalendarAnswer.Read(IcsDates.read(response.text(), clock.instant()));
    } catch (IllegalArgumentException e) {
      String reason = "it is no calendar that can be read: " + e.getMessage();
      return new Failed(PlainText.of(reason, Feed.MAX_ERROR_LENGTH));
    }
  }

  private static CalendarAnswer failed(Fault fault, String reason) {
    if (fault != Fault.REFUSED) {
      return new Failed(reason);
    }
    // Which address it is would map the network for whoever asked; the operator may know.
    LOG.warn("a calendar is at an address that is not allowed: {}", reason);
    return new CalendarAnswer.NotAllowed("leads to an address that is not allowed");
  }
}
