package dev.carillon.webhook.endpoint;

import static java.util.Objects.requireNonNull;

import dev.carillon.webhook.sign.SignatureKind;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A receiver of messages, without its secrets.
 *
 * @param id names it for ever
 * @param name names it to people; unique, may be changed
 * @param url where messages are posted to; it may hold a token, so it is shown to its owner only
 * @param signature how messages are signed
 * @param policy what its answers mean
 * @param retry when a message is sent again
 * @param traffic how much it is sent
 * @param timeout how long one attempt may take in all; whole milliseconds
 * @param alerts whether this endpoint is told of other endpoints' troubles
 * @param certificates its certificates, which are no secret
 * @param managed whether its URL and keys come from the settings, so that the API cannot change
 *     them
 * @param disabled since when and why nothing is sent; null while it is enabled
 * @param revision how often it was changed, from 1
 * @param createdAt when it was made
 * @param updatedAt when it was changed last
 */
public record Endpoint(
    UUID id,
    String name,
    URI url,
    SignatureKind signature,
    StatusPolicy policy,
    RetrySchedule retry,
    Traffic traffic,
    Duration timeout,
    boolean alerts,
    Certificates certificates,
    boolean managed,
    @Nullable Disabled disabled,
    long revision,
    Instant createdAt,
    Instant updatedAt) {

  /** The name of the endpoint that is used where nobody chose one. */
  public static final String DEFAULT_NAME = "default";

  /** What a name looks like, in words. */
  public static final String NAME_ALLOWED =
      "1 to 63 of a-z, 0-9, _ and -, beginning with a letter or a digit, and no UUID";

  /** The shortest time-out of an attempt. */
  public static final Duration MIN_TIMEOUT = Duration.ofSeconds(1);

  /** The longest time-out of an attempt. */
  public static final Duration MAX_TIMEOUT = Duration.ofSeconds(50);

  /** The time-out where nobody chose one. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(20);

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");
  private static final Pattern UUID_FORM =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  /**
   * Why nothing is sent.
   *
   * @param at since when
   * @param reason why, in words for people
   */
  public record Disabled(Instant at, String reason) {

    /** The longest reason, in characters. */
    public static final int MAX_REASON_LENGTH = 500;

    public Disabled {
      requireNonNull(at, "at is null");
      if (reason.isBlank() || reason.length() > MAX_REASON_LENGTH) {
        throw new IllegalArgumentException(
            "a reason has from 1 to %d characters".formatted(MAX_REASON_LENGTH));
      }
    }
  }

  /**
   * An endpoint's certificates in PEM.
   *
   * @param client the one that is shown to the endpoint; null if none is
   * @param authority the one that must have signed the endpoint's; null if the system's are trusted
   */
  public record Certificates(@Nullable String client, @Nullable String authority) {

    /** None: as with most endpoints. */
    public static final Certificates NONE = new Certificates(null, null);
  }

  public Endpoint {
    requireNonNull(id, "id is null");
    requireNonNull(signature, "signature is null");
    requireNonNull(certificates, "certificates is null");
    requireNonNull(createdAt, "createdAt is null");
    requireNonNull(updatedAt, "updatedAt is null");
    EndpointSettings.requireName(name);
    EndpointSettings.requireUrl(url);
    EndpointSettings.requireTimeout(timeout);
    requireNonNull(policy, "policy is null");
    requireNonNull(retry, "retry is null");
    requireNonNull(traffic, "traffic is null");
    if (revision < 1) {
      throw new IllegalArgumentException("a revision is at least 1, not " + revision);
    }
  }

  /** Whether messages are sent. */
  public boolean isEnabled() {
    return disabled == null;
  }

  /** Whether a text may be a name. */
  public static boolean isName(String text) {
    return NAME.matcher(text).matches() && !isId(text);
  }

  /** Whether a text is an id. */
  static boolean isId(String text) {
    return UUID_FORM.matcher(text).matches();
  }

  /** Without the URL, which may hold a token. */
  @Override
  public String toString() {
    return "Endpoint[id=%s, name=%s, revision=%d]".formatted(id, name, revision);
  }
}
