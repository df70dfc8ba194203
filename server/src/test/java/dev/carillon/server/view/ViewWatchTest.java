package dev.carillon.server.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.view.Tier;
import dev.carillon.view.ViewName;
import dev.carillon.view.catalog.Freshness;
import dev.carillon.view.catalog.Refreshed;
import dev.carillon.view.catalog.RegisteredView;
import dev.carillon.view.catalog.Staleness;
import dev.carillon.view.catalog.ViewState;
import dev.carillon.view.registry.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ViewWatchTest {

  private static final Instant NINE = Instant.parse("2026-11-22T09:00:00Z");

  private final List<Standing> views = new ArrayList<>();
  private final List<Integer> told = new ArrayList<>();

  @Test
  void whatIsSeenIsToldAndKept() {
    try (ViewWatch watch = watch()) {
      assertThat(watch.seen()).isNull();
      views.add(standing("fresh", Duration.ofSeconds(1), 0));
      views.add(standing("old", Duration.ofMinutes(6), 2));

      watch.look();

      assertThat(told).containsExactly(2);
      assertThat(watch.seen()).hasSize(2);
      assertThat(ViewHealth.of(views)).isEqualTo(new ViewHealth(1, 0, 1));
      assertThat(watch.stale()).containsExactly("old");

      views.removeLast();
      watch.look();
      assertThat(watch.stale()).isEmpty();
    }
  }

  @Test
  void whenTheDatabaseIsAwayNobodyKnows() {
    ViewWatch watch =
        new ViewWatch(
            () -> {
              throw new IllegalStateException("away");
            },
            seen -> told.add(seen.size()));
    try (watch) {
      watch.look();

      assertThat(watch.seen()).isNull();
      assertThat(told).isEmpty();
    }
  }

  private ViewWatch watch() {
    return new ViewWatch(() -> views, seen -> told.add(seen.size()));
  }

  static Standing standing(String name, Duration lag, int failures) {
    ViewName view = new ViewName(name);
    Instant asOf = NINE.minus(lag);
    RegisteredView registered =
        new RegisteredView(
            view,
            Tier.FULL,
            "SELECT 1",
            List.of(),
            RegisteredView.DEFAULT_INTERVAL,
            RegisteredView.DEFAULT_OBJECTIVE,
            NINE.minus(Duration.ofDays(1)));
    Refreshed last = new Refreshed(view, asOf, Duration.ofMillis(1_500), 3L, 30L);
    return new Standing(
        registered,
        new ViewState(view, true, null, asOf, failures, null, null, null),
        Freshness.filled(last, registered.objective(), NINE),
        Staleness.of(registered, asOf, asOf, NINE),
        last,
        null);
  }
}
