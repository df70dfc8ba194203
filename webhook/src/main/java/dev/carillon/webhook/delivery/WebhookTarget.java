package dev.carillon.webhook.delivery;

import static java.util.Objects.requireNonNull;

import dev.carillon.retry.Backoff;
import dev.carillon.target.Attempt;
import dev.carillon.target.Outcome;
import dev.carillon.target.Receipt;
import dev.carillon.target.Target;
import dev.carillon.webhook.http.Exchanged;
import dev.carillon.webhook.http.Fault;
import dev.carillon.webhook.http.WebhookClient;
import dev.carillon.webhook.traffic.Gate;
import dev.carillon.webhook.traffic.Gate.Admission;
import dev.carillon.webhook.traffic.Result;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A target that tells receivers over HTTP: each attempt is one POST of its payload to the endpoint
 * that it is for, signed by Standard Webhooks 1.0.0. What an endpoint has no room for is held. Safe
 * for use by many threads; made for virtual ones, since an attempt blocks until it is answered or
 * its time is over.
 */
public final class WebhookTarget implements Target {

  /** The message's id: {@code evt_} and the event's id, the same over all attempts. */
  public static final String ID_HEADER = "webhook-id";

  /** When the attempt began, in whole seconds since 1970-01-01T00:00:00Z. */
  public static final String TIMESTAMP_HEADER = "webhook-timestamp";

  /** One signature for each live key, separated by spaces. */
  public static final String SIGNATURE_HEADER = "webhook-signature";

  /** The number of the attempt, from 1. */
  public static final String ATTEMPT_HEADER = "carillon-attempt";

  /** The type of the event; a character that a header cannot carry is sent as a question mark. */
  public static final String EVENT_TYPE_HEADER = "carillon-event-type";

  /** By how many whole seconds the attempt is late; absent unless {@link Attempt#isLate()}. */
  public static final String LATE_HEADER = "carillon-late-seconds";

  /** What the User-Agent header of every delivery says. */
  public static final String USER_AGENT = "Carillon/" + version();

  /** How long an event waits at least whose attempt failed by our own fault. */
  public static final Duration OWN_FAULT_PAUSE = Duration.ofSeconds(10);

  /** How long an event waits whose endpoint this process cannot use. */
  public static final Duration UNREADABLE_PAUSE = Duration.ofMinutes(1);

  static final String ID_PREFIX = "evt_";

  private static final Logger LOG = LoggerFactory.getLogger(WebhookTarget.class);

  private final Receivers receivers;
  private final Gate gate;
  private final WebhookClient client;
  private final InstantSource clock;

  /**
   * A target that delivers to these receivers.
   *
   * @param gate says when an attempt may begin
   * @param client makes the exchanges; the caller closes it
   * @param clock the time by which attempts are signed and a {@code Retry-After} date is measured
   */
  public WebhookTarget(Receivers receivers, Gate gate, WebhookClient client, InstantSource clock) {
    this.receivers = requireNonNull(receivers, "receivers is null");
    this.gate = requireNonNull(gate, "gate is null");
    this.client = requireNonNull(client, "client is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  /**
   * {@inheritDoc} A failure to get an answer is retryable.
   *
   * @throws InterruptedException if the calling thread was interrupted: the receiver may have got
   *     the event
   */
  @Override
  public Outcome perform(Attempt attempt) throws InterruptedException {
    return switch (receivers.find(attempt.destination())) {
      case Receiver receiver -> admitted(attempt, receiver);
      case Receivers.Missing missing -> new Outcome.Held(Gate.NOWHERE, missing.reason());
      case Receivers.Unreadable unreadable ->
          new Outcome.Postponed(unreadable.reason(), UNREADABLE_PAUSE, null);
    };
  }

  @Override
  public int mostAttempts() {
    return Backoff.Listed.MOST + 1;
  }

  /** Makes one attempt at once, whatever the gate would say: for a person who asked for it. */
  public Outcome deliver(Attempt attempt, Receiver receiver) throws InterruptedException {
    return exchange(attempt, receiver, _ -> {});
  }

  private Outcome admitted(Attempt attempt, Receiver receiver) throws InterruptedException {
    return switch (gate.enter(receiver.id())) {
      case Admission.Refused(String reason) -> new Outcome.Held(receiver.id(), reason);
      case Admission.Admitted admitted -> exchange(attempt, receiver, admitted);
    };
  }

  private Outcome exchange(Attempt attempt, Receiver receiver, Admission.Admitted admitted)
      throws InterruptedException {
    Result result = new Result.NotCharged();
    try {
      Instant startedAt = clock.instant();
      Exchanged exchanged = client.post(Messages.of(attempt, receiver, startedAt));
      Judgement judgement = ResponseRules.judge(exchanged, receiver.policy(), clock.instant());
      result = judgement.result();
      logRefusal(exchanged, attempt, receiver);
      return outcome(
          judgement, receiver, Receipts.of(receiver.id(), startedAt, exchanged, judgement));
    } finally {
      admitted.left(result);
    }
  }

  private static Outcome outcome(Judgement judgement, Receiver receiver, Receipt receipt) {
    return switch (judgement) {
      case Judgement.Done _ -> new Outcome.Succeeded(receipt);
      case Judgement.Again again ->
          new Outcome.Retryable(again.reason(), again.retryAfter(), receiver.retry(), receipt);
      case Judgement.NotTried notTried ->
          // Not logged: while our network is away it would be a line for each try, and none was
          // made.
          new Outcome.Postponed(notTried.reason(), ownFaultPause(), null);
      case Judgement.Never never -> new Outcome.Rejected(never.reason(), receipt);
    };
  }

  /**
   * Up to three times as long as the shortest: what failed together does not come back together.
   */
  private static Duration ownFaultPause() {
    long shortest = OWN_FAULT_PAUSE.toMillis();
    return Duration.ofMillis(shortest + ThreadLocalRandom.current().nextLong(2 * shortest));
  }

  private static void logRefusal(Exchanged exchanged, Attempt attempt, Receiver receiver) {
    if (exchanged instanceof Exchanged.Unanswered failed && failed.fault() == Fault.REFUSED) {
      LOG.warn(
          "event {} was not sent to endpoint {}: {}",
          attempt.event().id(),
          receiver.id(),
          failed.reason());
    }
  }

  private static String version() {
    try (InputStream file = WebhookTarget.class.getResourceAsStream("version.properties")) {
      Properties properties = new Properties();
      properties.load(requireNonNull(file, "version.properties is missing"));
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
