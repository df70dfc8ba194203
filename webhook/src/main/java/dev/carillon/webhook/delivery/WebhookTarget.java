package dev.carillon.webhook.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.carillon.target.Attempt;
import dev.carillon.target.Outcome;
import dev.carillon.target.Target;
import dev.carillon.webhook.address.AddressPolicy;
import dev.carillon.webhook.address.NameResolver;
import dev.carillon.webhook.http.ClientConfig;
import dev.carillon.webhook.http.Exchanged;
import dev.carillon.webhook.http.Fault;
import dev.carillon.webhook.http.WebhookClient;
import dev.carillon.webhook.http.WebhookRequest;
import dev.carillon.webhook.sign.WebhookSigner;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;

/**
 * A target that tells a receiver over HTTP: each attempt is one POST of its payload, signed by
 * Standard Webhooks 1.0.0. Safe for use by many threads; made for virtual ones, since an attempt
 * blocks until it is answered or its time is over.
 */
public final class WebhookTarget implements Target, AutoCloseable {

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

  private static final String ID_PREFIX = "evt_";
  private static final String USER_AGENT = "Carillon/" + version();
  private static final Pattern NOT_HEADER_TEXT = Pattern.compile("[^\\x21-\\x7E]");

  private final WebhookConfig config;
  private final WebhookSigner signer;
  private final WebhookClient client;
  private final InstantSource clock;

  /**
   * A target that delivers to the configured address.
   *
   * @param clock the time by which a {@code Retry-After} that names a date is measured
   */
  public WebhookTarget(WebhookConfig config, InstantSource clock) {
    this.config = config;
    this.clock = requireNonNull(clock, "clock is null");
    this.signer = new WebhookSigner(config.keys());
    this.client =
        new WebhookClient(
            new ClientConfig(
                config.connectTimeout(),
                config.maxConnections(),
                AddressPolicy.strict().withLoopback().withHttp(),
                NameResolver.SYSTEM,
                null,
                USER_AGENT));
  }

  /**
   * {@inheritDoc} A failure to get an answer is retryable.
   *
   * @throws InterruptedException if the calling thread was interrupted: the receiver may have got
   *     the event
   */
  @Override
  public Outcome perform(Attempt attempt) throws InterruptedException {
    return switch (client.post(request(attempt))) {
      case Exchanged.Answered answered ->
          ResponseRules.outcome(answered.response(), clock.instant());
      case Exchanged.Unanswered failed when failed.fault() == Fault.REFUSED ->
          new Outcome.Rejected(failed.reason());
      case Exchanged.Unanswered failed -> new Outcome.Retryable(failed.reason());
    };
  }

  /** Closes all connections; attempts that are under way fail. */
  @Override
  public void close() {
    client.close();
  }

  private WebhookRequest request(Attempt attempt) {
    byte[] body = attempt.payload().getBytes(UTF_8);
    String id = ID_PREFIX + attempt.event().id();
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("content-type", "application/json");
    headers.put(ID_HEADER, id);
    headers.put(TIMESTAMP_HEADER, "" + attempt.startedAt().getEpochSecond());
    headers.put(SIGNATURE_HEADER, signer.sign(id, attempt.startedAt(), body));
    headers.put(ATTEMPT_HEADER, "" + attempt.number());
    headers.put(EVENT_TYPE_HEADER, headerText(attempt.event().type()));
    if (attempt.isLate()) {
      headers.put(LATE_HEADER, "" + attempt.lateness().toSeconds());
    }
    return new WebhookRequest(config.url(), headers, body, config.totalTimeout(), null);
  }

  private static String headerText(String text) {
    return NOT_HEADER_TEXT.matcher(text).replaceAll("?");
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
