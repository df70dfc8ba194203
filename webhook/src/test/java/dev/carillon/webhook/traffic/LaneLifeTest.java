package dev.carillon.webhook.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.Patience;
import dev.carillon.webhook.traffic.Gate.Admission.Admitted;
import dev.carillon.webhook.traffic.Gate.Admission.Refused;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LaneLifeTest extends LaneFixture {

  @Test
  void aLaneRetiresWhenNothingGoesOn() throws InterruptedException {
    grant(1);
    Admitted admitted = entered();
    assertThat(lane.retire(Duration.ZERO)).isFalse();
    admitted.left(SUCCESS);
    assertThat(lane.retire(Duration.ZERO)).as("it has something to tell").isFalse();
    lane.request();
    lane.markHolding();
    assertThat(lane.retire(Duration.ZERO)).as("events are held").isFalse();
    lane.claimed(1, 0);
    assertThat(lane.retire(LONG)).as("it was used").isFalse();

    assertThat(lane.retire(Duration.ZERO)).isTrue();
    assertThat(lane.use()).isFalse();
    assertThat(lane.enter(SHORT)).isInstanceOf(Refused.class);
  }

  @Test
  void whatCouldNotBeToldIsToldTheNextTime() {
    grant(3);
    entered().left(new Result.Failed("first", null, false));
    Request request = lane.request();
    entered().left(new Result.Failed("second", null, false));

    lane.failed(request);

    assertThat(lane.request().tally())
        .isEqualTo(
            Tally.NONE
                .with(new Result.Failed("first", null, false))
                .with(new Result.Failed("second", null, false)));
  }

  @Test
  void manyFailuresInARowAreUrgent() {
    grant(20);
    for (int i = 0; i < Breaker.TRIPS_AT; i++) {
      assertThat(urgent).hasValue(0);
      entered().left(new Result.Failed("503", null, false));
    }
    assertThat(urgent).hasValue(1);
  }

  @Test
  void goneAndAskedToWaitAreUrgent() {
    grant(20);
    entered().left(new Result.Failed("410", null, true));
    assertThat(urgent).hasValue(1);
    lane.request();
    entered().left(new Result.Failed("429", NOW.plusSeconds(9), false));
    assertThat(urgent).hasValue(2);
  }

  @Test
  void aClosedLaneExchangesSeldom() {
    lane.granted(lane.request(), Grant.NOTHING, leased());

    assertThat(lane.isDue()).isFalse();
    Patience.until(LONG, lane::isDue);
  }
}
