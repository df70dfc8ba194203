package dev.carillon.server.endpoint;

import dev.carillon.server.http.JsonFields;
import dev.carillon.server.settings.TimeSpan;
import dev.carillon.webhook.endpoint.Rotation;
import dev.carillon.webhook.sign.SignatureKind;
import dev.carillon.webhook.sign.SigningKey;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a request wants of an endpoint's keys.
 *
 * @param kind what the key is to sign with; null if nothing is said of it
 * @param given the key; null if one is to be generated
 */
record KeyInput(@Nullable SignatureKind kind, @Nullable SigningKey given) {

  static final String SIGNATURE = "signature";
  static final String SECRET = "secret";
  static final String OVERLAP = "overlap";

  private static final String SIGNATURE_ALLOWED =
      "%s or %s".formatted(SignatureKind.V1.spelled(), SignatureKind.V1A.spelled());
  private static final String SECRET_ALLOWED =
      "whsec_ and the base64 of 24 to 64 bytes, or for v1a whsk_ and the base64 of an Ed25519 key";
  private static final String OVERLAP_ALLOWED =
      "a time from 0s to %s, such as 24h".formatted(TimeSpan.format(Rotation.MAX_OVERLAP));

  /** Reads the fields; what is wrong is kept in them. */
  static KeyInput read(JsonFields fields) {
    SignatureKind kind = fields.optional(SIGNATURE, SIGNATURE_ALLOWED, SignatureKind::named);
    SigningKey given = fields.optional(SECRET, SECRET_ALLOWED, KeyInput::key);
    if (kind != null && given != null && given.kind() != kind) {
      fields.error(SECRET, wrongKind(kind));
    }
    return new KeyInput(kind, given);
  }

  /** Reads a rotation. */
  static Rotation rotation(JsonFields fields) {
    KeyInput key = read(fields);
    Duration overlap = fields.optional(OVERLAP, OVERLAP_ALLOWED, KeyInput::overlap);
    fields.check();
    return new Rotation(
        overlap == null ? Rotation.DEFAULT_OVERLAP : overlap, key.kind(), key.given());
  }

  /** The first key of a new endpoint. */
  SigningKey first() {
    if (given != null) {
      return given;
    }
    return SigningKey.generate(kind == null ? SignatureKind.V1 : kind);
  }

  static String wrongKind(SignatureKind needed) {
    return "must be a key for %s signatures".formatted(needed.spelled());
  }

  @Override
  public String toString() {
    return "KeyInput[kind=%s]".formatted(kind);
  }

  private static Optional<SigningKey> key(String text) {
    try {
      return Optional.of(SigningKey.parse(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static Optional<Duration> overlap(String text) {
    return TimeSpan.parse(text).filter(time -> time.compareTo(Rotation.MAX_OVERLAP) <= 0);
  }
}
