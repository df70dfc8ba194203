package dev.carillon.webhook.sign;

import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One entry of a {@code webhook-signature} header: a scheme, a comma and base64. Schemes that are
 * not known are not looked into, so that senders may introduce new ones.
 *
 * @param scheme the scheme's name; empty if the entry has none
 * @param signature the signature's bytes; empty if there are none that could be
 * @param fault what is wrong with the entry, for people
 */
record ListedSignature(String scheme, Optional<byte[]> signature, Optional<String> fault) {

  private static final Pattern SCHEME = Pattern.compile("[0-9A-Za-z_]{1,16}");
  private static final String ALLOWED =
      "blank-separated entries such as v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= are allowed";

  static ListedSignature parse(String text) {
    int comma = text.indexOf(',');
    String scheme = comma < 0 ? "" : text.substring(0, comma);
    if (!SCHEME.matcher(scheme).matches()) {
      return faulty("", ALLOWED);
    }
    return SignatureKind.named(scheme)
        .map(kind -> ofKind(kind, text.substring(comma + 1)))
        .orElseGet(() -> new ListedSignature(scheme, Optional.empty(), Optional.empty()));
  }

  boolean isOf(SignatureKind kind) {
    return scheme.equals(kind.spelled()) && signature.isPresent();
  }

  byte[] bytes() {
    return signature.orElseThrow();
  }

  private static ListedSignature ofKind(SignatureKind kind, String base64) {
    int length = kind.signatureBytes();
    try {
      byte[] bytes = Base64.getDecoder().decode(base64);
      return bytes.length == length
          ? new ListedSignature(kind.spelled(), Optional.of(bytes), Optional.empty())
          : faulty(
              kind.spelled(),
              "a %s signature is the base64 of %d bytes, not of %d"
                  .formatted(kind.spelled(), length, bytes.length));
    } catch (IllegalArgumentException _) {
      return faulty(kind.spelled(), "a %s signature is not base64".formatted(kind.spelled()));
    }
  }

  private static ListedSignature faulty(String scheme, String fault) {
    return new ListedSignature(scheme, Optional.empty(), Optional.of(fault));
  }
}
