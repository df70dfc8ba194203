package dev.carillon.server.view;

import static java.util.Objects.requireNonNull;

import dev.carillon.view.capture.Storage;
import dev.carillon.view.catalog.Freshness;
import dev.carillon.view.catalog.Pending;
import dev.carillon.view.catalog.Refreshed;
import dev.carillon.view.keeper.Kept;
import dev.carillon.view.registry.Standing;
import dev.carillon.view.upkeep.Round;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What {@code /metrics} says of views, each under its name: the same in all processes, since it is
 * read from the database. What is not known has no series.
 */
final class ViewMetrics {

  private static final String PREFIX = "carillon.view.";
  private static final double MILLIS = 1e3;

  private final MultiGauge duration;
  private final MultiGauge jobs;
  private final MultiGauge lag;
  private final MultiGauge pending;
  private final MultiGauge stale;
  private final MultiGauge exact;
  private final MultiGauge failures;
  private final MultiGauge keptBytes;
  private final MultiGauge waitingBytes;
  private final MultiGauge deadRows;

  ViewMetrics(MeterRegistry registry, Round round) {
    requireNonNull(registry, "registry is null");
    FunctionCounter.builder(PREFIX + "audit.mismatches", round, Round::mismatches)
        .description(
            "groups and rows that an audit of this process found to differ from their tables")
        .register(registry);
    this.duration =
        gauge("refresh.duration", "how long the last refresh took (MatViewRefreshDuration)")
            .baseUnit("seconds")
            .register(registry);
    this.jobs =
        gauge("jobs", "jobs in the view after its last refresh (MatViewJobCount)")
            .register(registry);
    this.lag =
        gauge("lag", "how old an answer from the view is").baseUnit("seconds").register(registry);
    this.pending = gauge("pending", "changes captured and not yet worked in").register(registry);
    this.stale = gauge("stale", "1 while the view is stale").register(registry);
    this.exact = gauge("exact", "0 while the view may differ from its query").register(registry);
    this.failures =
        gauge("failures", "failed attempts in a row to bring it up to date").register(registry);
    this.keptBytes =
        gauge("kept", "size of what readers of an incremental view read")
            .baseUnit("bytes")
            .register(registry);
    this.waitingBytes =
        gauge("captured", "size of the table of captured changes, worked in or not")
            .baseUnit("bytes")
            .register(registry);
    this.deadRows =
        gauge("dead.rows", "rows in both that are gone but still take room").register(registry);
  }

  /** Tells how the views are; those that are gone have no series any more. */
  void tell(List<Standing> views) {
    rows(duration, views, one -> seconds(one.lastRefresh()));
    rows(jobs, views, one -> one.lastRefresh() == null ? null : one.lastRefresh().totalJobs());
    rows(lag, views, one -> lag(one.freshness()));
    rows(pending, views, one -> pending(one.freshness()));
    rows(stale, views, one -> one.staleness().stale() ? 1 : 0);
    rows(exact, views, one -> ViewHealth.isExact(one) ? 1 : 0);
    rows(failures, views, one -> one.state().failures());
    rows(keptBytes, views, one -> storage(one, Storage::keptBytes));
    rows(waitingBytes, views, one -> storage(one, Storage::waitingBytes));
    rows(deadRows, views, one -> storage(one, Storage::deadRows));
  }

  private static MultiGauge.Builder gauge(String name, String description) {
    return MultiGauge.builder(PREFIX + name).description(description);
  }

  private static void rows(
      MultiGauge gauge, List<Standing> views, Function<Standing, @Nullable Number> value) {
    gauge.register(
        views.stream()
            .map(one -> row(name(one), value.apply(one)))
            .filter(Objects::nonNull)
            .toList(),
        true);
  }

  private static String name(Standing view) {
    return view.view().name().text();
  }

  private static @Nullable Row<?> row(String view, @Nullable Number value) {
    return value == null ? null : Row.of(Tags.of("view", view), value);
  }

  private static @Nullable Number seconds(@Nullable Refreshed last) {
    Duration took = last == null ? null : last.duration();
    return took == null ? null : took.toMillis() / MILLIS;
  }

  private static @Nullable Number lag(@Nullable Freshness freshness) {
    return freshness == null ? null : freshness.lag().toMillis() / MILLIS;
  }

  private static @Nullable Number storage(Standing view, ToLongFunction<Storage> figure) {
    Kept kept = view.kept();
    return kept == null ? null : figure.applyAsLong(kept.storage());
  }

  private static @Nullable Number pending(@Nullable Freshness freshness) {
    Pending pending = freshness == null ? null : freshness.pending();
    return pending == null ? null : pending.changes();
  }
}
