package dev.carillon.server.http;

import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names requests, so that an answer and its log lines can be brought together. */
final class RequestIds {

  /** The header that carries a request's id in and out. */
  static final String HEADER = "x-request-id";

  // No blanks, quotes or line ends: an id can never forge a log line.
  private static final Pattern SANE = Pattern.compile("[A-Za-z0-9._:/+=@-]{1,128}");

  private RequestIds() {}

  /** The caller's own id if it is sane, else a new one. */
  static String of(@Nullable String header) {
    return header != null && SANE.matcher(header).matches() ? header : UUID.randomUUID().toString();
  }
}
