package dev.carillon.server.job;

import dev.carillon.view.Tier;
import dev.carillon.view.catalog.Freshness;
import dev.carillon.view.job.JobReading;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Names what an answer says, so that a caller who has it already need not get it again. It changes
 * with everything but the moment at which the answer was read and the view refreshed: these are in
 * the headers {@code Age} and {@code Last-Modified}, which an answer without a body has, too. They
 * are in the body as well, so two bodies of a version are not the same byte by byte: the tag that
 * is made of it is a weak one.
 */
final class JobVersion {

  /** How much of the hash is kept, in bytes: two states of a job never share 96 bits by chance. */
  private static final int BYTES = 12;

  private JobVersion() {}

  static String of(JobReading reading) {
    return of(List.of(reading), "");
  }

  /**
   * The version of a page.
   *
   * @param next its next cursor; empty if there is none
   */
  static String of(List<JobReading> readings, String next) {
    MessageDigest digest = digest();
    for (JobReading reading : readings) {
      Freshness freshness = reading.freshness();
      String said =
          "%s|%s|%s|%s|%s|%s|%s|%s\n"
              .formatted(
                  reading.job(),
                  reading.progress(),
                  freshness.source(),
                  freshness.tier(),
                  freshness.exact(),
                  freshness.objective(),
                  freshness.objectiveMet(),
                  freshness.reason());
      digest.update(said.getBytes(StandardCharsets.UTF_8));
    }
    digest.update(next.getBytes(StandardCharsets.UTF_8));
    byte[] hash = Arrays.copyOf(digest.digest(), BYTES);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
  }

  /**
   * The date that stands for an answer; null if none does. Only a refresh of the whole view gives
   * one: what is counted, or kept by a ledger, can be another at the end of the same second, and is
   * of another second all the time. Of two refreshes within one second a date has only the first
   * (RFC 9110, section 8.8.2.2: a weak validator); the version tells them apart.
   */
  static @Nullable Instant date(JobReading reading) {
    Freshness freshness = reading.freshness();
    return freshness.tier() == Tier.FULL ? freshness.asOf() : null;
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
