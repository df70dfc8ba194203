package dev.carillon.server.endpoint;

import dev.carillon.server.http.JsonFields;
import dev.carillon.webhook.http.ClientTls;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a request wants of an endpoint's TLS material. What is left out stays; null takes it away,
 * and a certificate takes its key along.
 */
final class TlsInput {

  static final String CERTIFICATE = "client_certificate";
  static final String KEY = "client_key";
  static final String AUTHORITY = "ca_certificate";

  private final JsonFields fields;
  private final @Nullable String certificate;
  private final @Nullable String key;
  private final @Nullable String authority;

  TlsInput(JsonFields fields) {
    this.fields = fields;
    this.certificate = fields.optional(CERTIFICATE, "a text in PEM", TlsInput::pem);
    this.key = fields.optional(KEY, "a text in PEM", TlsInput::pem);
    this.authority = fields.optional(AUTHORITY, "a text in PEM", TlsInput::pem);
  }

  /** The material that a change makes of the old; null for none, and if it is wrong. */
  @Nullable ClientTls changed(@Nullable ClientTls old, Instant now) {
    if (!fields.has(CERTIFICATE) && !fields.has(KEY) && !fields.has(AUTHORITY)) {
      return old;
    }
    String ownCertificate =
        chosen(CERTIFICATE, certificate, old == null ? null : old.clientCertificatePem());
    String ownKey = chosen(KEY, key, old == null ? null : old.clientKeyPem());
    String trusted = chosen(AUTHORITY, authority, old == null ? null : old.caPem());
    if (fields.isNull(CERTIFICATE) && !fields.has(KEY)) {
      ownKey = null;
    }
    return made(ownCertificate, ownKey, trusted, now);
  }

  private @Nullable ClientTls made(
      @Nullable String ownCertificate,
      @Nullable String ownKey,
      @Nullable String trusted,
      Instant now) {
    if ((ownCertificate == null) != (ownKey == null)) {
      fields.error(
          ownKey == null ? KEY : CERTIFICATE,
          "is needed: %s and %s belong together".formatted(CERTIFICATE, KEY));
      return null;
    }
    if (ownCertificate == null && trusted == null) {
      return null;
    }
    try {
      ClientTls tls = new ClientTls(ownCertificate, ownKey, trusted);
      tls.requireValidAt(now);
      return tls;
    } catch (IllegalArgumentException e) {
      refuse(String.valueOf(e.getMessage()));
      return null;
    }
  }

  /** The message names what is wrong, and does not repeat it. */
  private void refuse(String message) {
    String told =
        message
            .replace("clientCertificatePem", CERTIFICATE)
            .replace("clientKeyPem", KEY)
            .replace("caPem", AUTHORITY);
    String field =
        told.startsWith(KEY) ? KEY : told.startsWith(AUTHORITY) ? AUTHORITY : CERTIFICATE;
    fields.error(field, "cannot be used: " + told);
  }

  private @Nullable String chosen(String field, @Nullable String given, @Nullable String old) {
    return fields.has(field) ? given : old;
  }

  private static Optional<String> pem(String text) {
    return Optional.of(text).filter(pem -> pem.contains("-----BEGIN "));
  }
}
