package dev.carillon.server.http;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which web pages may call the API, and by which name the server may be called.
 *
 * @param allowed the origins of pages; if empty, browsers' own rules are all there is where callers
 *     prove who they are
 * @param loopbackOnly whether the {@code Host} header must name this machine: without it a page
 *     whose name resolves to 127.0.0.1 (DNS rebinding) could use a server that asks for no token.
 *     Nor may any page of another origin that is not listed: a browser sends simple requests
 *     without asking first (Fetch standard, "CORS-safelisted request-header")
 */
public record Origins(List<String> allowed, boolean loopbackOnly) {

  private static final Pattern LOOPBACK =
      Pattern.compile("(localhost|127(\\.[0-9]{1,3}){3}|\\[::1])(:[0-9]{1,5})?");

  public Origins {
    allowed = List.copyOf(allowed);
  }

  /** Why a request is turned away; empty if it is not. */
  Optional<Problem> refusal(@Nullable String origin, @Nullable String host) {
    String called = host == null ? "" : host;
    if (loopbackOnly && !LOOPBACK.matcher(called).matches()) {
      return Optional.of(
          Problem.of(403, "without authentication the Host header must be a loopback address"));
    }
    boolean crossOrigin = origin != null && !isOwn(origin, called);
    boolean checked = loopbackOnly || !allowed.isEmpty();
    return crossOrigin && checked && !allowed.contains(origin)
        ? Optional.of(
            Problem.of(403, "the Origin is neither this server's nor one of CORS_ORIGINS"))
        : Optional.empty();
  }

  private static boolean isOwn(String origin, String called) {
    return origin.equals("http://" + called) || origin.equals("https://" + called);
  }
}
