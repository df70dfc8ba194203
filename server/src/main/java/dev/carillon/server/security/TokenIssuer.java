package dev.carillon.server.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/**
 * Signs HS256 tokens for local work, such that a {@link TokenVerifier} with the same rules accepts
 * them.
 *
 * @param rules the rules, which have a secret
 */
public record TokenIssuer(TokenRules rules) {

  /**
   * A signed token.
   *
   * @param role the only role it names
   * @param subject who it is for
   * @param validFor how long it is good
   * @throws IllegalStateException if the rules have no secret
   */
  public String issue(Role role, String subject, Duration validFor) {
    if (rules.secret() == null) {
      throw new IllegalStateException("tokens come from the OpenID Connect issuer");
    }
    Instant now = rules.clock().instant();
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .subject(subject)
            .claim("roles", List.of(role.spelled()))
            .issuer(rules.issuer())
            .audience(rules.audience())
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plus(validFor)))
            .build();
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256).type(JOSEObjectType.JWT).build();
    SignedJWT token = new SignedJWT(header, claims);
    try {
      token.sign(new MACSigner(rules.secret().getBytes(StandardCharsets.UTF_8)));
    } catch (JOSEException e) {
      throw new IllegalStateException("the secret cannot sign", e);
    }
    return token.serialize();
  }
}
