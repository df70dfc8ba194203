package dev.carillon.server.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.view.full.FullRefresh;
import dev.carillon.view.full.RefreshLimits;
import dev.carillon.view.upkeep.Round;
import dev.carillon.view.upkeep.Tending;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

class ViewMetricsTest {

  private static final Jdbi NOWHERE = Jdbi.create("jdbc:postgresql://127.0.0.1:1/none");

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ViewMetrics metrics = new ViewMetrics(registry, round());

  @Test
  void eachViewHasSeriesOfItsOwnUnderBothNames() {
    metrics.tell(List.of(ViewWatchTest.standing("old", Duration.ofMinutes(6), 2)));

    assertThat(value("refresh.duration")).isEqualTo(1.5);
    assertThat(value("jobs")).isEqualTo(3);
    assertThat(value("lag")).isEqualTo(360);
    assertThat(value("stale")).isEqualTo(1);
    assertThat(value("exact")).isEqualTo(1);
    assertThat(value("failures")).isEqualTo(2);
    assertThat(registry.getMeters().stream().map(Meter::getId).map(Meter.Id::getDescription))
        .anyMatch(text -> String.valueOf(text).contains("MatViewRefreshDuration"))
        .anyMatch(text -> String.valueOf(text).contains("MatViewJobCount"));
  }

  @Test
  void whatIsNotKnownOrIsGoneHasNone() {
    metrics.tell(List.of(ViewWatchTest.standing("old", Duration.ofMinutes(6), 2)));

    assertThat(registry.find("carillon.view.pending").gauges()).isEmpty();
    metrics.tell(List.of());
    assertThat(registry.find("carillon.view.stale").gauges()).isEmpty();
    assertThat(registry.get("carillon.view.audit.mismatches").functionCounter().count()).isZero();
  }

  private double value(String name) {
    return registry.get("carillon.view." + name).tag("view", "old").gauge().value();
  }

  private static Round round() {
    return new Round(
        NOWHERE,
        new Tending(NOWHERE, List.of(), RandomGenerator.getDefault()),
        new FullRefresh(NOWHERE, RefreshLimits.DEFAULT, RandomGenerator.getDefault()));
  }
}
