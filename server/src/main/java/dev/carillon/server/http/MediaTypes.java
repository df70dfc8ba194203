package dev.carillon.server.http;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which bodies are let in: JSON everywhere, and an iCalendar text where calendars are. What a
 * browser sends without asking first is none of them.
 */
public final class MediaTypes {

  /** JSON. */
  public static final String JSON = "application/json";

  /** An iCalendar text (RFC 5545, section 8.1). */
  public static final String ICALENDAR = "text/calendar";

  /** The largest iCalendar text, in bytes. */
  public static final int MAX_ICALENDAR_BYTES = 1_000_000;

  /** The largest list of refresh requests, in bytes. */
  public static final int MAX_LIST_BYTES = 256 * 1024;

  private static final String REFRESH_REQUESTS = "/v1/refresh-requests";
  private static final String CALENDARS = "/v1/calendars/";

  private MediaTypes() {}

  /** Whether a {@code Content-Type} is one of these, whatever its parameters; none is none. */
  static boolean isOneOf(@Nullable String contentType, Set<String> types) {
    return contentType != null
        && types.contains(contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT));
  }

  /** Whether a path takes a body of this {@code Content-Type}. */
  static boolean isAllowed(@Nullable String contentType, String path) {
    return isOneOf(contentType, Set.of(JSON)) || isIcalendar(contentType, path);
  }

  /** How many bytes a path takes at most. */
  static int mostBytes(@Nullable String contentType, String path) {
    if (path.equals(REFRESH_REQUESTS)) {
      return MAX_LIST_BYTES;
    }
    return isIcalendar(contentType, path) ? MAX_ICALENDAR_BYTES : Json.MAX_BODY_BYTES;
  }

  private static boolean isIcalendar(@Nullable String contentType, String path) {
    return path.startsWith(CALENDARS) && isOneOf(contentType, Set.of(ICALENDAR));
  }
}
