package dev.carillon.time;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneOffsetTransitionRule;
import java.time.zone.ZoneRules;
import java.util.HexFormat;

/**
 * A short name for what a zone's rules say from an instant on. Two releases whose fingerprints of a
 * zone are equal give the same instants for every later local time in it.
 */
public final class ZoneFingerprint {

  private static final int LENGTH = 16;

  private ZoneFingerprint() {}

  /**
   * The first 16 hexadecimal digits of the SHA-256 of the rules from the given instant on. Make the
   * ones that are to be compared with the same {@code from}: with another, equal rules may differ,
   * since transitions have passed meanwhile.
   *
   * @param from choose it two days before the first local time that matters: a time in a gap is
   *     moved by up to a day, and its transition must not have passed
   */
  public static String of(ZoneRules rules, Instant from) {
    StringBuilder text = new StringBuilder().append(rules.getOffset(from));
    for (ZoneOffsetTransition transition : rules.getTransitions()) {
      if (transition.getInstant().isAfter(from)) {
        text.append('\n').append(transition);
      }
    }
    for (ZoneOffsetTransitionRule rule : rules.getTransitionRules()) {
      text.append('\n').append(rule);
    }
    return sha256(text.toString()).substring(0, LENGTH);
  }

  private static String sha256(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
