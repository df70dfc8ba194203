package dev.carillon.server.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import dev.carillon.memory.SettableClock;
import dev.carillon.server.security.Authentication.Caller;
import dev.carillon.server.security.Authentication.Refused;
import dev.carillon.server.security.Authentication.Unavailable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticatorTest {

  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final Instant NOW = Instant.parse("2026-11-22T06:00:00Z");
  private static final Caller MACHINE = new Caller("api-key:1", Set.of(Role.SERVICE));

  private final SettableClock clock = new SettableClock(NOW);
  private final Authenticator authenticator = authenticator(TokenRules.ofSecret(SECRET, clock));

  @Test
  void aTokenOfOurOwnIsAccepted() {
    String token =
        new TokenIssuer(TokenRules.ofSecret(SECRET, clock))
            .issue(Role.SERVICE, "batch", Duration.ofHours(1));

    assertThat(bearer(token)).isEqualTo(new Caller("batch", Set.of(Role.SERVICE)));
  }

  @Test
  void theSchemeMayBeWrittenInAnyCase() {
    assertThat(authenticator.authenticate("bEARER " + hs256(claims().build()), null))
        .isInstanceOf(Caller.class);
  }

  @Test
  void aSingleRoleClaimIsReadToo() {
    assertThat(bearer(hs256(claims().claim("roles", null).claim("role", "user").build())))
        .isEqualTo(new Caller("ann", Set.of(Role.USER)));
  }

  @Test
  void nothingAtAllIsRefused() {
    assertRefused(authenticator.authenticate(null, null), "is needed");
  }

  @Test
  void anotherSchemeIsRefused() {
    assertRefused(authenticator.authenticate("Basic YTpi", null), "Bearer TOKEN");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "garbage", "a.b.c", "....", "e30.e30.e30", "\u0000"})
  void garbageIsRefused(String token) {
    assertRefused(bearer(token), "malformed");
  }

  @Test
  void aTokenWithoutSignatureIsRefused() {
    assertRefused(bearer(new PlainJWT(claims().build()).serialize()), "not signed");
  }

  @Test
  void aTokenOfAnotherKeyIsRefused() {
    assertRefused(
        bearer(hs(JWSAlgorithm.HS256, "another key of thirty-two bytes.", claims().build())),
        "signature");
  }

  @Test
  void anotherAlgorithmIsRefusedThoughTheKeyIsRight() {
    String longSecret = SECRET + SECRET;
    Authenticator long512 = authenticator(TokenRules.ofSecret(longSecret, clock));

    assertRefused(
        long512.authenticate(
            "Bearer " + hs(JWSAlgorithm.HS512, longSecret, claims().build()), null),
        "algorithm");
  }

  @Test
  void anExpiredTokenIsRefusedAfterTheClockSkew() {
    String token = hs256(claims().build());

    clock.set(NOW.plus(Duration.ofHours(1)).plus(TokenVerifier.CLOCK_SKEW).minusSeconds(1));
    assertThat(bearer(token)).isInstanceOf(Caller.class);
    clock.advance(Duration.ofSeconds(2));
    assertRefused(bearer(token), "Expired");
  }

  @Test
  void aTokenThatIsNotGoodYetIsRefused() {
    assertRefused(
        bearer(hs256(claims().notBeforeTime(Date.from(NOW.plusSeconds(60))).build())), "before");
  }

  @Test
  void aTokenThatNeverExpiresIsRefused() {
    assertRefused(bearer(hs256(claims().expirationTime(null).build())), "exp");
  }

  @Test
  void aTokenForNobodyIsRefused() {
    assertRefused(bearer(hs256(claims().subject(null).build())), "sub");
    assertRefused(bearer(hs256(claims().subject(" ").build())), "sub");
  }

  @Test
  void aTokenWithoutARoleThatWeKnowIsRefused() {
    assertRefused(bearer(hs256(claims().claim("roles", List.of("root")).build())), "roles");
    assertRefused(bearer(hs256(claims().claim("roles", null).build())), "roles");
    assertRefused(bearer(hs256(claims().claim("roles", 7).build())), "malformed");
  }

  @Test
  void aHugeTokenIsRefusedUnread() {
    assertRefused(bearer("x".repeat(TokenVerifier.MAX_LENGTH + 1)), "characters");
  }

  @Nested
  class WithIssuerAndAudience {

    private final Authenticator strict =
        authenticator(new TokenRules(SECRET, "https://me", "carillon", null, null, clock));

    @Test
    void bothMustBeRight() {
      assertThat(strict(claims().issuer("https://me").audience("carillon").build()))
          .isInstanceOf(Caller.class);
    }

    @Test
    void anotherAudienceIsRefused() {
      assertRefused(strict(claims().issuer("https://me").audience("x").build()), "aud");
      assertRefused(strict(claims().issuer("https://me").build()), "aud");
    }

    @Test
    void anotherIssuerIsRefused() {
      assertRefused(strict(claims().issuer("https://you").audience("carillon").build()), "iss");
      assertRefused(strict(claims().audience("carillon").build()), "iss");
    }

    @Test
    void ourOwnTokensCarryBoth() {
      TokenRules rules = new TokenRules(SECRET, "https://me", "carillon", null, null, clock);
      String token = new TokenIssuer(rules).issue(Role.ADMIN, "ann", Duration.ofMinutes(1));

      assertThat(strict.authenticate("Bearer " + token, null)).isInstanceOf(Caller.class);
    }

    private Authentication strict(JWTClaimsSet claims) {
      return strict.authenticate("Bearer " + hs256(claims), null);
    }
  }

  @Nested
  class ApiKeys {

    @Test
    void aKnownKeyIsItsHolder() {
      assertThat(authenticator.authenticate(null, "ck_good")).isEqualTo(MACHINE);
    }

    @Test
    void anUnknownKeyIsRefused() {
      assertRefused(authenticator.authenticate(null, "ck_bad"), "API key");
    }

    @Test
    void aKeyBesideATokenIsRefused() {
      assertRefused(authenticator.authenticate("Bearer x", "ck_good"), "not both");
    }
  }

  @Test
  void withoutAuthenticationEverybodyIsAnAdministrator() {
    assertThat(Authenticator.open().authenticate("nonsense", null))
        .isEqualTo(Authenticator.ANYBODY);
  }

  @Test
  void aUserReachesOnlyThemself() {
    UUID ann = UUID.randomUUID();
    UUID bob = UUID.randomUUID();
    Caller caller = new Caller(ann.toString(), Set.of(Role.USER));

    assertThat(caller.mayReach(ann)).isTrue();
    assertThat(caller.mayReach(bob)).isFalse();
    assertThat(MACHINE.mayReach(bob)).isTrue();
  }

  /** Tokens of an OpenID Connect issuer, which is a real HTTP server on loopback. */
  @Nested
  class OpenIdConnect {

    private static final RSAKey RSA = rsa("rsa-1");
    private static final ECKey EC = ec();
    private static @Nullable HttpServer issuer;

    @BeforeAll
    static void startIssuer() throws Exception {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
      answer(
          server,
          "/.well-known/openid-configuration",
          "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/keys\"}".formatted(base, base));
      answer(server, "/keys", new JWKSet(List.of(RSA, EC)).toPublicJWKSet().toString());
      server.start();
      issuer = server;
    }

    @AfterAll
    static void stopIssuer() {
      server().stop(0);
    }

    @Test
    void itsKeysAreDiscovered() {
      Authenticator oidc = oidc(base());

      assertThat(oidc.authenticate(signed(JWSAlgorithm.RS256, RSA), null))
          .isEqualTo(new Caller("ann", Set.of(Role.ADMIN)));
      assertThat(oidc.authenticate(signed(JWSAlgorithm.PS256, RSA), null))
          .isInstanceOf(Caller.class);
      assertThat(oidc.authenticate(signed(EC), null)).isInstanceOf(Caller.class);
    }

    @Test
    void aKeyThatItDoesNotHaveIsRefused() {
      assertThat(oidc(base()).authenticate(signed(JWSAlgorithm.RS256, rsa("rsa-2")), null))
          .isInstanceOf(Refused.class);
    }

    @Test
    void anAlgorithmThatWeDoNotNameIsRefused() {
      assertRefused(oidc(base()).authenticate(signed(JWSAlgorithm.RS512, RSA), null), "algorithm");
    }

    @Test
    void aTokenSignedWithThePublicKeyAsSecretIsRefused() throws Exception {
      String publicKey = new String(RSA.toPublicKey().getEncoded(), StandardCharsets.ISO_8859_1);
      String token = hs(JWSAlgorithm.HS256, publicKey, issued());

      assertRefused(oidc(base()).authenticate("Bearer " + token, null), "algorithm");
    }

    @Test
    void aTokenOfAnotherIssuerIsRefused() {
      TokenRules rules =
          new TokenRules(
              null, null, null, IssuerKeys.at(base().resolve("/keys")), "https://x", clock);

      assertRefused(
          authenticator(rules).authenticate(signed(JWSAlgorithm.RS256, RSA), null), "iss");
    }

    @Test
    void anIssuerThatIsAwayIsNoFaultOfTheCaller() {
      Authenticator oidc = oidc(base().resolve("/nowhere"));

      assertThat(oidc.authenticate(signed(JWSAlgorithm.RS256, RSA), null))
          .isInstanceOf(Unavailable.class);
      assertThat(oidc.authenticate(signed(JWSAlgorithm.RS256, RSA), null))
          .isInstanceOf(Unavailable.class);
    }

    private Authenticator oidc(URI issuer) {
      return authenticator(
          new TokenRules(
              null, null, null, IssuerKeys.discovered(issuer, clock), base().toString(), clock));
    }

    private JWTClaimsSet issued() {
      return claims().issuer(base().toString()).build();
    }

    private String signed(JWSAlgorithm algorithm, RSAKey key) {
      try {
        return "Bearer " + sign(algorithm, key.getKeyID(), new RSASSASigner(key), issued());
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }

    private String signed(ECKey key) {
      try {
        return "Bearer " + sign(JWSAlgorithm.ES256, key.getKeyID(), new ECDSASigner(key), issued());
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }

    private static URI base() {
      return URI.create("http://127.0.0.1:" + server().getAddress().getPort());
    }

    private static HttpServer server() {
      if (issuer == null) {
        throw new AssertionError("the issuer is not started");
      }
      return issuer;
    }

    private static void answer(HttpServer server, String path, String json) {
      server.createContext(
          path,
          exchange -> {
            byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
          });
    }

    private static RSAKey rsa(String id) {
      try {
        return new RSAKeyGenerator(2048).keyID(id).generate();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }

    private static ECKey ec() {
      try {
        return new ECKeyGenerator(Curve.P_256).keyID("ec-1").generate();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }

  private static Authenticator authenticator(TokenRules rules) {
    KeyRing keys = key -> key.equals("ck_good") ? Optional.of(MACHINE) : Optional.empty();
    return Authenticator.of(new TokenVerifier(rules), keys);
  }

  private Authentication bearer(String token) {
    return authenticator.authenticate("Bearer " + token, null);
  }

  private static JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .subject("ann")
        .claim("roles", List.of("admin"))
        .expirationTime(Date.from(NOW.plus(Duration.ofHours(1))));
  }

  private static String hs256(JWTClaimsSet claims) {
    return hs(JWSAlgorithm.HS256, SECRET, claims);
  }

  private static String hs(JWSAlgorithm algorithm, String secret, JWTClaimsSet claims) {
    try {
      return sign(algorithm, "none", new MACSigner(secret), claims);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static String sign(
      JWSAlgorithm algorithm, String keyId, JWSSigner signer, JWTClaimsSet claims)
      throws Exception {
    JWSHeader header =
        new JWSHeader.Builder(algorithm).keyID(keyId).type(JOSEObjectType.JWT).build();
    SignedJWT token = new SignedJWT(header, claims);
    token.sign(signer);
    return token.serialize();
  }

  private static void assertRefused(Authentication authentication, String reason) {
    assertThat(authentication).isInstanceOf(Refused.class);
    assertThat(((Refused) authentication).reason()).contains(reason);
  }
}
