package dev.carillon.view.catalog;

import static java.util.Objects.requireNonNull;

import dev.carillon.view.Tier;
import dev.carillon.view.ViewName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A view that is kept fresh, as it was declared.
 *
 * @param name its name in the database
 * @param tier how it is kept
 * @param query what it shows
 * @param keyColumns which columns say what a row is about; empty if it is not known
 * @param interval how often it is brought up to date, where it is not exact by itself
 * @param objective how old an answer may be before the view counts as stale
 * @param createdAt when it was registered
 */
public record RegisteredView(
    ViewName name,
    Tier tier,
    String query,
    List<String> keyColumns,
    Duration interval,
    Duration objective,
    Instant createdAt) {

  /** How often a view is brought up to date, unless something else is declared. */
  public static final Duration DEFAULT_INTERVAL = Duration.ofMinutes(1);

  /** How old an answer may be, unless something else is declared. */
  public static final Duration DEFAULT_OBJECTIVE = Duration.ofMinutes(5);

  /** The shortest interval and objective. */
  public static final Duration SHORTEST = Duration.ofMillis(100);

  /** The longest interval and objective. */
  public static final Duration LONGEST = Duration.ofDays(366);

  /** The longest query, in characters. */
  public static final int MAX_QUERY_LENGTH = 65_536;

  /** The most key columns: as many as an index of PostgreSQL has. */
  public static final int MAX_KEY_COLUMNS = 32;

  public RegisteredView {
    requireNonNull(name, "name is null");
    requireNonNull(tier, "tier is null");
    requireNonNull(query, "query is null");
    requireNonNull(createdAt, "createdAt is null");
    keyColumns = List.copyOf(keyColumns);
    if (query.isBlank() || query.length() > MAX_QUERY_LENGTH) {
      throw new IllegalArgumentException(
          "query must have 1 to %d characters, not %d".formatted(MAX_QUERY_LENGTH, query.length()));
    }
    if (keyColumns.size() > MAX_KEY_COLUMNS) {
      throw new IllegalArgumentException(
          "keyColumns must be at most %d, not %d".formatted(MAX_KEY_COLUMNS, keyColumns.size()));
    }
    check("interval", interval);
    check("objective", objective);
  }

  private static void check(String field, Duration value) {
    if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "%s must be from %s to %s, not %s".formatted(field, SHORTEST, LONGEST, value));
    }
  }
}
