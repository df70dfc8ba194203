package dev.carillon.webhook.endpoint;

import dev.carillon.webhook.sign.SignatureKind;
import dev.carillon.webhook.sign.SigningKey;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an endpoint gets a new key.
 *
 * @param overlap how long the old keys go on signing beside it
 * @param kind what the new key signs with; null if the same as before
 * @param given the new key; null if one is to be generated
 */
public record Rotation(Duration overlap, @Nullable SignatureKind kind, @Nullable SigningKey given) {

  /** The longest overlap. */
  public static final Duration MAX_OVERLAP = Duration.ofDays(7);

  /** The overlap where nobody chose one. */
  public static final Duration DEFAULT_OVERLAP = Duration.ofHours(24);

  /** A generated key of the same kind, and a day for the receiver to learn it. */
  public static final Rotation DEFAULT = new Rotation(DEFAULT_OVERLAP, null, null);

  public Rotation {
    if (overlap.isNegative() || overlap.compareTo(MAX_OVERLAP) > 0) {
      throw new IllegalArgumentException(
          "an overlap is from 0 to %s, not %s".formatted(MAX_OVERLAP, overlap));
    }
  }

  /** The kind of the new key. */
  SignatureKind kindAfter(SignatureKind before) {
    return kind == null ? before : kind;
  }

  @Override
  public String toString() {
    return "Rotation[overlap=%s, kind=%s]".formatted(overlap, kind);
  }
}
