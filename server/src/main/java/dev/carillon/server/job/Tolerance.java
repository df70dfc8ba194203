package dev.carillon.server.job;

import dev.carillon.view.catalog.Freshness;
import dev.carillon.view.job.JobReads.Mode;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How old an answer a caller takes, by the request's {@code Cache-Control} (RFC 9111, section
 * 5.2.1). A number that is none, and a directive that nobody knows, change nothing; of a directive
 * that is there twice the first counts (section 4.2.1). {@code no-store} asks nobody for a new
 * answer (section 5.2.1.5), and {@code no-transform} is not about age.
 *
 * @param counted whether nothing will do but what is counted now
 * @param mostAge how old an answer may be; null if any will do
 * @param minFresh for how long it must go on being no older than its view may be
 * @param onlyCached whether nothing may be counted
 */
record Tolerance(
    boolean counted, @Nullable Duration mostAge, Duration minFresh, boolean onlyCached) {

  /** Whatever the view has. */
  static final Tolerance ANY = new Tolerance(false, null, Duration.ZERO, false);

  /** The longest age that is told apart from any: ten years. */
  private static final long MOST_SECONDS = 315_360_000;

  /** How many digits a number has at most that is not above {@link #MOST_SECONDS} for sure. */
  private static final int MOST_DIGITS = 9;

  /** A name, and what it is set to: a token or a text in quotes (RFC 9110, section 5.6). */
  private static final Pattern DIRECTIVE =
      Pattern.compile("([^\\s,=\"]+)\\s*(?:=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"?|([^\\s,\"]*)))?");

  /** A directive without any; not the empty one, which is a number that is none. */
  private static final String NO_VALUE = "=";

  private static final Pattern SECONDS = Pattern.compile("[0-9]+");
  private static final Pattern LEADING_ZEROS = Pattern.compile("^0+(?=.)");

  /**
   * What a caller takes.
   *
   * @param cacheControl the header's fields, one or more to a text
   * @param realTime whether the query says so
   */
  static Tolerance of(List<String> cacheControl, boolean realTime) {
    Map<String, String> directives = directives(String.join(",", cacheControl));
    Long maxAge = seconds(directives, "max-age");
    Long maxStale = seconds(directives, "max-stale");
    Long minFresh = seconds(directives, "min-fresh");
    boolean anyStale = NO_VALUE.equals(directives.get("max-stale"));
    Duration mostAge =
        maxAge == null || anyStale
            ? null
            : Duration.ofSeconds(maxAge + (maxStale == null ? 0 : maxStale));
    return new Tolerance(
        realTime || directives.containsKey("no-cache"),
        mostAge,
        Duration.ofSeconds(minFresh == null ? 0 : minFresh),
        directives.containsKey("only-if-cached"));
  }

  /** Where to read from first. */
  Mode first() {
    if (onlyCached) {
      return Mode.ONLY_CACHED;
    }
    return counted ? Mode.REAL_TIME : Mode.CACHED;
  }

  /** Whether an answer will do. */
  boolean takes(Freshness freshness) {
    boolean young = mostAge == null || freshness.lag().compareTo(mostAge) <= 0;
    boolean stays =
        minFresh.isZero() || freshness.lag().plus(minFresh).compareTo(freshness.objective()) <= 0;
    return young && stays;
  }

  /** Each with what it is set to. */
  private static Map<String, String> directives(String fields) {
    Map<String, String> directives = new HashMap<>();
    Matcher found = DIRECTIVE.matcher(fields);
    while (found.find()) {
      String name = found.group(1).toLowerCase(Locale.ROOT);
      String value = found.group(2) == null ? found.group(3) : found.group(2);
      directives.putIfAbsent(name, value == null ? NO_VALUE : value);
    }
    return directives;
  }

  /** A number that is too large stands for the largest (RFC 9111, section 1.2.2). */
  private static @Nullable Long seconds(Map<String, String> directives, String name) {
    String text = directives.getOrDefault(name, "");
    if (!SECONDS.matcher(text).matches()) {
      return null;
    }
    String digits = LEADING_ZEROS.matcher(text).replaceFirst("");
    return digits.length() > MOST_DIGITS
        ? MOST_SECONDS
        : Math.min(MOST_SECONDS, Long.parseLong(digits));
  }
}
