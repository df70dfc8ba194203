package dev.carillon.server.security;

import static java.util.Objects.requireNonNull;

import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Which tokens are good.
 *
 * @param secret the key of HS256 tokens; null if none are accepted
 * @param issuer what the {@code iss} of HS256 tokens must be; null if anything
 * @param audience what must be in every token's {@code aud}; null if nothing
 * @param oidcKeys the keys of an OpenID Connect issuer; null if its tokens are not accepted
 * @param oidcIssuer what the {@code iss} of its tokens must be; null if anything
 * @param clock tells whether a token has expired
 */
public record TokenRules(
    @Nullable String secret,
    @Nullable String issuer,
    @Nullable String audience,
    @Nullable JWKSource<SecurityContext> oidcKeys,
    @Nullable String oidcIssuer,
    InstantSource clock) {

  public TokenRules {
    requireNonNull(clock, "clock is null");
    if (secret == null && oidcKeys == null) {
      throw new IllegalArgumentException("a secret or an issuer's keys are needed");
    }
  }

  /** HS256 tokens only. */
  public static TokenRules ofSecret(String secret, InstantSource clock) {
    return new TokenRules(secret, null, null, null, null, clock);
  }

  /** Shows no secret. */
  @Override
  public String toString() {
    return "TokenRules[issuer=%s, audience=%s, oidcIssuer=%s]"
        .formatted(issuer, audience, oidcIssuer);
  }
}
