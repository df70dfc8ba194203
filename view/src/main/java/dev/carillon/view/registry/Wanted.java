package dev.carillon.view.registry;

import static java.util.Objects.requireNonNull;

import dev.carillon.view.Tier;
import dev.carillon.view.ViewName;
import dev.carillon.view.catalog.RegisteredView;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A view that somebody wants.
 *
 * @param name its name
 * @param query what it shows; null for a materialized view that is there already
 * @param tiers how it may be kept: the first that can keep the query does
 * @param keyColumns which columns say what a row is about; empty if nobody says
 * @param interval how often it is brought up to date, where it does not follow its tables by itself
 * @param objective how old an answer may be
 */
public record Wanted(
    ViewName name,
    @Nullable String query,
    List<Tier> tiers,
    List<String> keyColumns,
    Duration interval,
    Duration objective) {

  /** Kept by the changes, never filled whole: exact at every read, or run again for its keys. */
  public static final List<Tier> INCREMENTAL = List.of(Tier.LEDGER, Tier.KEYED);

  /** Filled whole at each refresh. */
  public static final List<Tier> WHOLE = List.of(Tier.FULL);

  public Wanted {
    requireNonNull(name, "name is null");
    requireNonNull(interval, "interval is null");
    requireNonNull(objective, "objective is null");
    tiers = List.copyOf(tiers);
    keyColumns = List.copyOf(keyColumns);
    if (tiers.isEmpty()) {
      throw new IllegalArgumentException("tiers must be one or more");
    }
    if (query == null && !tiers.equals(WHOLE)) {
      throw new IllegalArgumentException("only a view that is filled whole can be there already");
    }
  }

  /** A view with the usual interval and objective. */
  public static Wanted of(ViewName name, String query, boolean incremental) {
    return new Wanted(
        name,
        query,
        incremental ? INCREMENTAL : WHOLE,
        List.of(),
        RegisteredView.DEFAULT_INTERVAL,
        RegisteredView.DEFAULT_OBJECTIVE);
  }
}
