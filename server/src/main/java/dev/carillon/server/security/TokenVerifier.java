package dev.carillon.server.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSKeySelector;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.proc.SingleKeyJWSKeySelector;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.carillon.server.security.Authentication.Caller;
import dev.carillon.server.security.Authentication.Refused;
import dev.carillon.server.security.Authentication.Unavailable;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Checks JSON Web Tokens (RFC 7519) as RFC 8725 advises: the algorithm is chosen by us and never by
 * the token, {@code exp} and {@code sub} are required. Safe for use by many threads.
 */
public final class TokenVerifier {

  /** By how much the clocks of issuer and server may differ. */
  public static final Duration CLOCK_SKEW = Duration.ofSeconds(30);

  /** The longest token, in characters. */
  public static final int MAX_LENGTH = 8_192;

  private static final Set<JWSAlgorithm> OIDC_ALGORITHMS =
      Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256, JWSAlgorithm.PS256);

  private final @Nullable DefaultJWTProcessor<SecurityContext> bySecret;
  private final @Nullable DefaultJWTProcessor<SecurityContext> byIssuer;

  /** A verifier with the given rules. */
  public TokenVerifier(TokenRules rules) {
    this.bySecret =
        rules.secret() == null ? null : processor(secretKey(rules.secret()), rules, rules.issuer());
    this.byIssuer =
        rules.oidcKeys() == null
            ? null
            : processor(
                new JWSVerificationKeySelector<>(OIDC_ALGORITHMS, rules.oidcKeys()),
                rules,
                rules.oidcIssuer());
  }

  /** Checks a token's signature and claims; never throws for anything a token contains. */
  public Authentication verify(String token) {
    if (token.length() > MAX_LENGTH) {
      return new Refused("the token has more than %d characters".formatted(MAX_LENGTH));
    }
    try {
      if (!(JWTParser.parse(token) instanceof SignedJWT signed)) {
        return new Refused("the token is not signed");
      }
      DefaultJWTProcessor<SecurityContext> processor = processor(signed.getHeader().getAlgorithm());
      if (processor == null) {
        return new Refused("the token's algorithm is not accepted");
      }
      return caller(processor.process(signed, null));
    } catch (ParseException | IllegalArgumentException e) {
      return new Refused("the token is malformed");
    } catch (BadJOSEException e) {
      return new Refused("the token is not accepted: " + e.getMessage());
    } catch (KeySourceException e) {
      return new Unavailable("the token issuer's keys cannot be read: " + e.getMessage());
    } catch (JOSEException e) {
      return new Refused("the token's signature cannot be checked");
    }
  }

  private @Nullable DefaultJWTProcessor<SecurityContext> processor(JWSAlgorithm algorithm) {
    if (JWSAlgorithm.HS256.equals(algorithm)) {
      return bySecret;
    }
    return OIDC_ALGORITHMS.contains(algorithm) ? byIssuer : null;
  }

  private static Authentication caller(JWTClaimsSet claims) throws ParseException {
    List<String> names = new ArrayList<>();
    String single = claims.getStringClaim("role");
    if (single != null) {
      names.add(single);
    }
    List<String> several = claims.getStringListClaim("roles");
    if (several != null) {
      names.addAll(several);
    }
    EnumSet<Role> roles = EnumSet.noneOf(Role.class);
    names.forEach(name -> Role.named(name).ifPresent(roles::add));
    if (roles.isEmpty()) {
      return new Refused("the token names none of the roles admin, user, service");
    }
    return claims.getSubject().isBlank()
        ? new Refused("the token's sub is empty")
        : new Caller(claims.getSubject(), roles);
  }

  private static JWSKeySelector<SecurityContext> secretKey(String secret) {
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    return new SingleKeyJWSKeySelector<>(
        JWSAlgorithm.HS256, new SecretKeySpec(bytes, "HmacSHA256"));
  }

  private static DefaultJWTProcessor<SecurityContext> processor(
      JWSKeySelector<SecurityContext> keys, TokenRules rules, @Nullable String issuer) {
    DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(
            JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
    processor.setJWSKeySelector(keys);
    JWTClaimsSet exact = issuer == null ? null : new JWTClaimsSet.Builder().issuer(issuer).build();
    processor.setJWTClaimsSetVerifier(new Claims(rules.audience(), exact, rules.clock()));
    return processor;
  }

  /** The library's claim rules by our clock. */
  private static final class Claims extends DefaultJWTClaimsVerifier<SecurityContext> {
    private final InstantSource clock;

    Claims(@Nullable String audience, @Nullable JWTClaimsSet exact, InstantSource clock) {
      super(audience, exact, Set.of("exp", "sub"));
      this.clock = clock;
      setMaxClockSkew((int) CLOCK_SKEW.toSeconds());
    }

    @Override
    protected Date currentTime() {
      return Date.from(clock.instant());
    }
  }
}
