package dev.carillon.webhook.address;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Host names that belong to a machine or a network of one's own, never to the internet. */
public final class InternalNames {

  // localhost: RFC 6761; local: RFC 6762; home.arpa: RFC 8375; internal: reserved by ICANN in 2024.
  // The others are in wide use and never delegated (RFC 6762, appendix G; ICANN on corp and home).
  private static final List<String> SUFFIXES =
      List.of(
          "localhost",
          "local",
          "internal",
          "home.arpa",
          "lan",
          "intranet",
          "corp",
          "home",
          "private",
          "localdomain");

  private InternalNames() {}

  /** Whether the name always means this machine (RFC 6761, section 6.3). */
  public static boolean isLocalhost(String name) {
    return isWithin(name, "localhost");
  }

  /**
   * Why a name, in lower case and without a trailing dot, is for internal networks; null if it is
   * not.
   */
  public static @Nullable String reason(String name) {
    for (String suffix : SUFFIXES) {
      if (isWithin(name, suffix)) {
        return "%s: names under .%s are for internal networks".formatted(name, suffix);
      }
    }
    return name.indexOf('.') < 0
        ? "%s: a name of a single label is for internal networks".formatted(name)
        : null;
  }

  private static boolean isWithin(String name, String suffix) {
    return name.equals(suffix) || name.endsWith("." + suffix);
  }
}
