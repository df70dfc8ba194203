package dev.carillon.server.calendar;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The URL of a calendar: as people write it, and as it redirects. */
public final class CalendarUrl {

  private static final String WEBCAL = "webcal://";
  private static final String HTTP = "http";
  private static final String HTTPS = "https";

  /** What a redirect means. */
  sealed interface Redirect {

    /** The calendar is there. */
    record To(URI url) implements Redirect {}

    /** It is not followed. */
    record Wrong(String reason) implements Redirect {}
  }

  private CalendarUrl() {}

  /** What is to be fetched for a URL: {@code webcal://} is {@code https://}. */
  public static String fetched(String url) {
    return url.regionMatches(true, 0, WEBCAL, 0, WEBCAL.length())
        ? HTTPS + "://" + url.substring(WEBCAL.length())
        : url;
  }

  /**
   * Where a redirect leads; whether that address is allowed is not said. No reason repeats it: it
   * may hold a token.
   *
   * @param from what was asked for
   * @param location the header; null if there was none
   * @param mayLeaveTls whether https may redirect to http
   */
  static Redirect redirect(URI from, @Nullable String location, boolean mayLeaveTls) {
    if (location == null) {
      return new Redirect.Wrong("it redirects without saying where to");
    }
    Optional<URI> to = resolve(from, withoutFragment(fetched(location.strip())));
    if (to.isEmpty()) {
      return new Redirect.Wrong("it redirects to what is no URL");
    }
    boolean leavesTls = isScheme(from, HTTPS) && isScheme(to.get(), HTTP);
    return leavesTls && !mayLeaveTls
        ? new Redirect.Wrong("it redirects from https to http")
        : new Redirect.To(to.get());
  }

  private static Optional<URI> resolve(URI from, String location) {
    try {
      // Against an empty path, java.net.URI would append to the host.
      URI base = from.getRawPath().isEmpty() ? from.resolve("/") : from;
      return Optional.of(base.resolve(new URI(location)));
    } catch (URISyntaxException _) {
      return Optional.empty();
    }
  }

  // RFC 9110, section 10.2.2: it is for whoever shows the page.
  private static String withoutFragment(String location) {
    int hash = location.indexOf('#');
    return hash < 0 ? location : location.substring(0, hash);
  }

  private static boolean isScheme(URI url, String scheme) {
    return url.getScheme() != null && url.getScheme().toLowerCase(Locale.ROOT).equals(scheme);
  }
}
