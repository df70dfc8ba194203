package dev.carillon.server.performing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.schedule.running.Run;
import dev.carillon.schedule.running.ScheduleTarget;
import dev.carillon.target.Outcome;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MeasuredTargetTest {

  private static final ScheduleTarget SLOW =
      new ScheduleTarget() {
        @Override
        public String kind() {
          return "slow";
        }

        @Override
        public Duration timeLimit() {
          return Duration.ofMinutes(5);
        }

        @Override
        public Optional<String> problem(JsonNode settings) {
          return Optional.empty();
        }

        @Override
        public Outcome run(Run run) {
          return new Outcome.Succeeded();
        }
      };

  @Test
  void aTargetThatIsMeasuredMayTakeAsLongAsWithout() {
    assertThat(new MeasuredTarget(SLOW, new SimpleMeterRegistry()).timeLimit())
        .isEqualTo(Duration.ofMinutes(5));
  }
}
