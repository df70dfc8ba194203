package dev.carillon.server.security;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.RemoteKeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jose.util.ResourceRetriever;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The public keys of an OpenID Connect issuer, found by its discovery document (OpenID Connect
 * Discovery 1.0, section 4) when the first token comes, then cached and renewed by the library.
 * Safe for use by many threads.
 */
public final class IssuerKeys implements JWKSource<SecurityContext> {

  /** How long to wait for a connection to the issuer, and for its answer. */
  public static final Duration TIMEOUT = Duration.ofSeconds(3);

  /** How long a failed discovery is believed, so that a silent issuer does not hold up callers. */
  public static final Duration RETRY_DISCOVERY_AFTER = Duration.ofSeconds(10);

  private static final int MAX_DOCUMENT_BYTES = 256 * 1024;
  private static final String DISCOVERY = "/.well-known/openid-configuration";

  private final URI issuer;
  private final InstantSource clock;
  private final ResourceRetriever retriever;
  private @Nullable JWKSource<SecurityContext> keys;
  private Instant notBefore = Instant.MIN;

  private IssuerKeys(URI issuer, InstantSource clock) {
    this.issuer = issuer;
    this.clock = clock;
    this.retriever = retriever();
  }

  /** The keys of an issuer, wherever its discovery document says they are. */
  public static JWKSource<SecurityContext> discovered(URI issuer, InstantSource clock) {
    return new IssuerKeys(issuer, clock);
  }

  /** The keys at an address. */
  public static JWKSource<SecurityContext> at(URI jwksUrl) {
    return cached(url(jwksUrl), retriever());
  }

  @Override
  public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context)
      throws KeySourceException {
    return keys().get(selector, context);
  }

  private synchronized JWKSource<SecurityContext> keys() throws KeySourceException {
    if (keys == null) {
      if (clock.instant().isBefore(notBefore)) {
        throw new RemoteKeySourceException(
            "the issuer's discovery document could not be read", null);
      }
      keys = cached(discover(), retriever);
    }
    return keys;
  }

  private URL discover() throws KeySourceException {
    String base = issuer.toString().replaceAll("/+$", "");
    try {
      String document = retriever.retrieveResource(url(URI.create(base + DISCOVERY))).getContent();
      String jwks = JSONObjectUtils.getString(JSONObjectUtils.parse(document), "jwks_uri");
      if (jwks == null) {
        throw new ParseException("no jwks_uri", 0);
      }
      return url(URI.create(jwks));
    } catch (IOException | ParseException | IllegalArgumentException e) {
      notBefore = clock.instant().plus(RETRY_DISCOVERY_AFTER);
      throw new RemoteKeySourceException("the issuer's discovery document cannot be read", e);
    }
  }

  private static ResourceRetriever retriever() {
    int millis = (int) TIMEOUT.toMillis();
    return new DefaultResourceRetriever(millis, millis, MAX_DOCUMENT_BYTES);
  }

  private static JWKSource<SecurityContext> cached(URL url, ResourceRetriever retriever) {
    return JWKSourceBuilder.create(url, retriever).retrying(true).outageTolerant(true).build();
  }

  private static URL url(URI uri) {
    try {
      return uri.toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException("not an address: " + uri, e);
    }
  }
}
