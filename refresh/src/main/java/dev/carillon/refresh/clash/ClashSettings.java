package dev.carillon.refresh.clash;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Where the API is and how it is called.
 *
 * @param api the base of its addresses, with {@code /v1}; https, or http to this host itself
 * @param portal the base of the developer portal's addresses, likewise
 * @param access keys, or an account
 * @param keyName what our keys are called in the portal
 * @param limit the calls a second that are never exceeded, at most {@link #MAX_LIMIT}
 * @param callTimeout how long a call may take until all of its answer is here
 */
public record ClashSettings(
    URI api, URI portal, ClashAccess access, String keyName, double limit, Duration callTimeout) {

  /** Where the API is. */
  public static final URI DEFAULT_API = URI.create("https://api.clashofclans.com/v1");

  /** Where the developer portal is. */
  public static final URI DEFAULT_PORTAL = URI.create("https://developer.clashofclans.com");

  /** What our keys are called if nobody says otherwise. */
  public static final String DEFAULT_KEY_NAME = "carillon";

  /** The most calls a second, whatever is wished. */
  public static final double MAX_LIMIT = 30;

  /** The fewest calls a second. */
  public static final double MIN_LIMIT = 0.1;

  /** How long a call may take if nobody says otherwise. */
  public static final Duration DEFAULT_CALL_TIMEOUT = Duration.ofSeconds(15);

  /** How long a call may take at most. */
  public static final Duration MAX_CALL_TIMEOUT = Duration.ofSeconds(40);

  private static final int MAX_NAME = 64;
  private static final Pattern LOOPBACK =
      Pattern.compile("(?i:localhost)|127(\\.\\d{1,3}){3}|\\[::1]");

  public ClashSettings {
    api = base("COC_BASE_URL", api);
    portal = base("COC_PORTAL_URL", portal);
    requireNonNull(access, "access is null");
    if (keyName.isBlank() || keyName.length() > MAX_NAME) {
      throw new IllegalArgumentException(
          "the name of keys must have 1 to %d characters".formatted(MAX_NAME));
    }
    if (!(limit >= MIN_LIMIT && limit <= MAX_LIMIT)) {
      throw new IllegalArgumentException(
          "COC_REQS_PER_SEC must be from %s to %s, not %s".formatted(MIN_LIMIT, MAX_LIMIT, limit));
    }
    if (!callTimeout.isPositive() || callTimeout.compareTo(MAX_CALL_TIMEOUT) > 0) {
      throw new IllegalArgumentException(
          "the time-out of calls must be up to %d s, not %s"
              .formatted(MAX_CALL_TIMEOUT.toSeconds(), callTimeout));
    }
  }

  /** The API itself, as fast as it allows. */
  public static ClashSettings of(ClashAccess access) {
    return new ClashSettings(
        DEFAULT_API, DEFAULT_PORTAL, access, DEFAULT_KEY_NAME, MAX_LIMIT, DEFAULT_CALL_TIMEOUT);
  }

  /** The same at other addresses. */
  public ClashSettings at(URI otherApi, URI otherPortal) {
    return new ClashSettings(otherApi, otherPortal, access, keyName, limit, callTimeout);
  }

  /** The same with another limit. */
  public ClashSettings withLimit(double callsASecond) {
    return new ClashSettings(api, portal, access, keyName, callsASecond, callTimeout);
  }

  /** The same with another time-out. */
  public ClashSettings withCallTimeout(Duration timeout) {
    return new ClashSettings(api, portal, access, keyName, limit, timeout);
  }

  private static URI base(String name, URI base) {
    requireNonNull(base, name + " is null");
    boolean web = "https".equals(base.getScheme()) || "http".equals(base.getScheme());
    if (!web
        || base.getHost() == null
        || base.getRawUserInfo() != null
        || base.getRawQuery() != null
        || base.getRawFragment() != null) {
      throw new IllegalArgumentException(
          name + " must be http(s)://host[:port][/path] without a user, a query or a fragment");
    }
    if ("http".equals(base.getScheme()) && !LOOPBACK.matcher(base.getHost()).matches()) {
      throw new IllegalArgumentException(
          name
              + " must be https://: http:// is allowed for localhost, 127.0.0.1 and [::1] only, for"
              + " keys and the password are sent there");
    }
    return URI.create(base.toString().replaceAll("/+$", ""));
  }
}
