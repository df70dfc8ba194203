package dev.carillon.server.security;

import dev.carillon.server.security.Authentication.Caller;
import dev.carillon.server.security.Authentication.Refused;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides who a caller is from the two headers that can say so. Knows nothing of HTTP servers. Safe
 * for use by many threads; may block on a key's first use.
 */
public final class Authenticator {

  /** Who everybody is where nobody has to prove it. */
  public static final Caller ANYBODY = new Caller("local", Set.of(Role.ADMIN));

  private static final String BEARER = "bearer ";

  private final @Nullable TokenVerifier tokens;
  private final KeyRing keys;

  private Authenticator(@Nullable TokenVerifier tokens, KeyRing keys) {
    this.tokens = tokens;
    this.keys = keys;
  }

  /** Callers prove who they are with a token or a key. */
  public static Authenticator of(TokenVerifier tokens, KeyRing keys) {
    return new Authenticator(tokens, keys);
  }

  /** Everybody is {@link #ANYBODY}: for a server that only its own machine reaches. */
  public static Authenticator open() {
    return new Authenticator(null, _ -> Optional.of(ANYBODY));
  }

  /**
   * Decides.
   *
   * @param authorization the {@code Authorization} header; null if there is none
   * @param apiKey the {@code x-api-key} header; null if there is none
   */
  public Authentication authenticate(@Nullable String authorization, @Nullable String apiKey) {
    if (tokens == null) {
      return ANYBODY;
    }
    if (authorization != null && apiKey != null) {
      return new Refused("send either a bearer token or an x-api-key, not both");
    }
    if (apiKey != null) {
      return keys.holder(apiKey)
          .<Authentication>map(caller -> caller)
          .orElseGet(() -> new Refused("the API key is unknown or was revoked"));
    }
    if (authorization == null) {
      return new Refused("a bearer token or an x-api-key is needed");
    }
    if (!authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
      return new Refused("the Authorization header must be: Bearer TOKEN");
    }
    return tokens.verify(authorization.substring(BEARER.length()).strip());
  }
}
