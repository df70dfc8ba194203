package dev.carillon.refresh.drain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DrainLimitsTest {

  @Test
  void leaveFiveSecondsOrHalfOfAShortTime() {
    assertThat(DrainLimits.of(Duration.ofMinutes(5))).isEqualTo(DrainLimits.DEFAULT);
    assertThat(DrainLimits.of(Duration.ofSeconds(4)).reserve()).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void thatAreNoneAreNotTaken() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DrainLimits.of(Duration.ZERO))
        .withMessageContaining("timeLimit");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DrainLimits.of(Duration.ofDays(2)))
        .withMessageContaining("timeLimit");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DrainLimits(Duration.ofSeconds(5), Duration.ofSeconds(5)))
        .withMessageContaining("reserve");
  }
}
