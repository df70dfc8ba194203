package dev.carillon.webhook.sign;

import dev.carillon.webhook.sign.Verification.Invalid;
import dev.carillon.webhook.sign.Verification.Valid;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Verifies messages by Standard Webhooks 1.0.0, as a receiver does, and says what is wrong with a
 * bad one. Safe for use by many threads.
 */
public final class WebhookVerifier {

  /** How old, and how far ahead, a timestamp may be: what the reference libraries allow. */
  public static final Duration DEFAULT_TOLERANCE = Duration.ofMinutes(5);

  /** The most keys that are tried. */
  public static final int MAX_KEYS = WebhookSigner.MAX_KEYS;

  /** The most signatures that one header may list: twice as many as a sender may have keys. */
  public static final int MAX_SIGNATURES = 2 * WebhookSigner.MAX_KEYS;

  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,11}");
  private static final Pattern MILLISECONDS = Pattern.compile("[0-9]{12,14}");
  private static final Pattern BLANKS = Pattern.compile(" +");

  private final List<VerifyingKey> keys;
  private final Duration tolerance;
  private final InstantSource clock;

  /**
   * A verifier that accepts what any of the keys has signed.
   *
   * @param keys secrets and public keys, from 1 to {@link #MAX_KEYS}
   * @param tolerance how far the timestamp may be from now, to both sides; not negative
   * @param clock the receiver's time
   */
  public WebhookVerifier(
      List<? extends VerifyingKey> keys, Duration tolerance, InstantSource clock) {
    this.keys = List.copyOf(keys);
    this.tolerance = tolerance;
    this.clock = clock;
    if (keys.isEmpty() || keys.size() > MAX_KEYS) {
      throw new IllegalArgumentException(
          "keys has %d: from 1 to %d are allowed".formatted(keys.size(), MAX_KEYS));
    }
    if (tolerance.isNegative()) {
      throw new IllegalArgumentException("tolerance is negative: " + tolerance);
    }
  }

  /**
   * What a message's signature is worth. Headers that did not arrive are null.
   *
   * @param id the {@code webhook-id} header
   * @param timestamp the {@code webhook-timestamp} header
   * @param signatures the {@code webhook-signature} header
   * @param body the bytes that arrived
   */
  public Verification verify(
      @Nullable String id, @Nullable String timestamp, @Nullable String signatures, byte[] body) {
    if (id == null || id.isBlank()) {
      return new Invalid("webhook-id is missing");
    }
    if (timestamp == null || timestamp.isBlank()) {
      return new Invalid("webhook-timestamp is missing");
    }
    if (signatures == null || signatures.isBlank()) {
      return new Invalid("webhook-signature is missing");
    }
    if (!SignedText.isId(id)) {
      return new Invalid(
          "webhook-id is malformed: it has visible ASCII characters, and none is a full stop");
    }
    return wrongTime(timestamp)
        .<Verification>map(Invalid::new)
        .orElseGet(() -> signed(id, Long.parseLong(timestamp), signatures.strip(), body));
  }

  private Optional<String> wrongTime(String timestamp) {
    if (!SECONDS.matcher(timestamp).matches()) {
      String hint = MILLISECONDS.matcher(timestamp).matches() ? "; are these milliseconds?" : "";
      return Optional.of(
          "webhook-timestamp is malformed: whole seconds since 1970 are allowed, such as 1614265330"
              + hint);
    }
    long age = clock.instant().getEpochSecond() - Long.parseLong(timestamp);
    long beyond = Math.abs(age) - tolerance.toSeconds();
    if (beyond <= 0) {
      return Optional.empty();
    }
    return Optional.of(
        "webhook-timestamp is too %s by %s (%s are allowed): check the receiver's clock%s"
            .formatted(
                age > 0 ? "old" : "far ahead",
                words(beyond),
                words(tolerance.toSeconds()),
                age > 0 ? "; or is it an old message, sent again by somebody else?" : ""));
  }

  private Verification signed(String id, long timestamp, String header, byte[] body) {
    String[] texts = BLANKS.split(header, MAX_SIGNATURES + 1);
    if (texts.length > MAX_SIGNATURES) {
      return new Invalid(
          "webhook-signature has too many signatures: %d are allowed".formatted(MAX_SIGNATURES));
    }
    List<ListedSignature> listed = List.of(texts).stream().map(ListedSignature::parse).toList();
    boolean matches =
        keys.stream()
            .anyMatch(key ->
                listed.stream()
                    .anyMatch(signature ->
                        signature.isOf(key.kind())
                            && key.verifies(id, timestamp, body, signature.bytes())));
    return matches ? new Valid() : new Invalid(mismatch(listed));
  }

  private String mismatch(List<ListedSignature> listed) {
    Optional<String> fault = listed.stream().flatMap(one -> one.fault().stream()).findFirst();
    if (fault.isPresent()) {
      return "webhook-signature is malformed: " + fault.get();
    }
    String wanted = schemes(keys.stream().map(key -> key.kind().spelled()).toList());
    if (listed.stream().noneMatch(one -> keys.stream().anyMatch(key -> one.isOf(key.kind())))) {
      return "webhook-signature has no %s signature, which this key is for; it has %s"
          .formatted(wanted, schemes(listed.stream().map(ListedSignature::scheme).toList()));
    }
    return "no %s signature matches: either the body is not byte for byte what was sent (parsed and "
            .formatted(wanted)
        + "written again, or a line break added?), or the id or the timestamp is another message's, "
        + "or the key is not the sender's";
  }

  private static String schemes(List<String> names) {
    return new TreeSet<>(names).stream().collect(Collectors.joining(" or "));
  }

  private static String words(long seconds) {
    if (seconds < 120) {
      return seconds + " s";
    }
    long minutes = seconds / 60;
    if (minutes < 120) {
      return minutes + " min";
    }
    return minutes < 48 * 60 ? minutes / 60 + " h" : minutes / (24 * 60) + " days";
  }
}
