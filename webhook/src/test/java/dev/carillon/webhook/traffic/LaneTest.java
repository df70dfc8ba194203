package dev.carillon.webhook.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.Patience;
import dev.carillon.webhook.endpoint.Traffic.Rate;
import dev.carillon.webhook.traffic.Gate.Admission;
import dev.carillon.webhook.traffic.Gate.Admission.Admitted;
import dev.carillon.webhook.traffic.Gate.Admission.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LaneTest extends LaneFixture {

  @Nested
  class Permits {

    @Test
    void nothingBeginsBeforeTheFirstGrant() throws InterruptedException {
      assertThat(lane.tryEnter()).isNull();
      assertThat(lane.isWorthAsking()).isTrue();
      assertThat(refusal(lane.enter(SHORT))).contains("not known");
    }

    @Test
    void asManyBeginAsArePermitted() throws InterruptedException {
      grant(2);

      Admitted first = entered();
      entered();
      assertThat(lane.tryEnter()).isNull();
      assertThat(refusal(lane.enter(SHORT))).isEqualTo("the endpoint is busy: 2 under way");
      first.left(SUCCESS);
      entered();
    }

    @Test
    void onceTheLeaseIsOverNothingBegins() {
      grant(2, System.nanoTime());

      assertThat(lane.tryEnter()).isNull();
    }

    @Test
    void aLeaseThatIsNotRenewedGoesOnAsBefore() {
      grant(2, System.nanoTime());
      lane.granted(lane.request(), granted(share(2, null), null, false), leased());

      assertThat(lane.tryEnter()).isNull();
    }

    @Test
    void leavingTwiceCountsOnce() {
      grant(1);
      Admitted admitted = entered();

      admitted.left(SUCCESS);
      admitted.left(SUCCESS);

      assertThat(lane.request().tally().succeeded()).isEqualTo(1);
      entered();
      assertThat(lane.tryEnter()).isNull();
    }

    @Test
    void whatMayBeginUntilTheAnswerComesIsCommitted() {
      grant(5);
      entered();

      assertThat(lane.request().demand().committed()).isEqualTo(5);
    }

    @Test
    void attemptsThatWereMoreThanIsPermittedNowAreNotReplaced() {
      grant(3);
      Admitted first = entered();
      entered();
      entered();
      grant(1);

      first.left(SUCCESS);

      assertThat(lane.tryEnter()).isNull();
      assertThat(lane.request().demand().committed()).isEqualTo(2);
    }

    @Test
    void theOthersHearSoonOfWhatTheyWaitFor() {
      grant(5);
      Request request = lane.request();
      Allotment.Share smaller = new Allotment.Share(2, 5, false, true, null, null);

      assertThat(lane.granted(request, granted(smaller, null, true), leased())).isTrue();
      assertThat(lane.request().demand().committed()).isEqualTo(2);
    }

    @Test
    void itIsNotWorthAskingForWhatWasRefused() {
      lane.markHolding();
      lane.granted(
          lane.request(),
          granted(new Allotment.Share(0, 0, true, true, null, null), null, true),
          leased());

      assertThat(lane.isWorthAsking()).isFalse();
    }
  }

  @Nested
  class Waiting {

    @Test
    void whoWaitsBeginsWhenAnotherEnds() throws Exception {
      grant(1);
      Admitted first = entered();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<Admission> second = threads.submit(() -> lane.enter(LONG));
        Patience.until(LONG, () -> lane.request().demand().wanted() == 2);

        first.left(SUCCESS);

        assertThat(second.get()).isInstanceOf(Admitted.class);
      }
    }

    @Test
    void whoComesLaterDoesNotOvertake() throws Exception {
      grant(0);
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<Admission> first = threads.submit(() -> lane.enter(LONG));
        Patience.until(LONG, () -> lane.request().demand().wanted() == 1);
        grant(1);

        Admission second = lane.tryEnter();

        assertThat(first.get()).isInstanceOf(Admitted.class);
        assertThat(second).isNull();
      }
    }

    @Test
    void aThousandWaitersAllBeginOneAfterTheOther() throws Exception {
      grant(3, null);
      assertThat(throughput(1_000)).isEqualTo(1_000);
    }

    @Test
    void waitersOfARateAllBeginWhenTheirSlotsCome() throws Exception {
      Rate rate = new Rate(1_000, 1_000);
      List<Instant> slots = IntStream.range(0, 300).mapToObj(NOW::plusMillis).toList();
      grant(1_000, rate, slots);
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<Admission>> waiters = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
          waiters.add(threads.submit(() -> lane.enter(LONG)));
        }
        clock.advance(Duration.ofMillis(100));
        Patience.until(LONG, () -> done(waiters) == 101);
        clock.advance(Duration.ofMillis(200));
        Patience.until(LONG, () -> done(waiters) == 300);
      }
    }

    @Test
    void anInterruptedWaiterLeavesNothingBehind() throws Exception {
      grant(0);
      Thread waiter =
          Thread.ofVirtual()
              .unstarted(() -> {
                try {
                  lane.enter(LONG);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      waiter.start();
      Patience.until(LONG, () -> lane.request().demand().wanted() == 1);

      waiter.interrupt();
      waiter.join();

      assertThat(lane.request().demand().wanted()).isZero();
    }

    @Test
    void aLaneThatClosesSendsItsWaitersAway() throws Exception {
      grant(0);
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<Admission> waiter = threads.submit(() -> lane.enter(LONG));
        Patience.until(LONG, () -> lane.request().demand().wanted() == 1);

        lane.granted(lane.request(), Grant.NOTHING, leased());

        assertThat(refusal(waiter.get())).isEqualTo("there is no such endpoint");
      }
    }

    @Test
    void onceOneWaitedInVainTheNextOnesDoNotAllWait() throws Exception {
      grant(0);
      lane.enter(SHORT);
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<Admission> one = threads.submit(() -> lane.enter(Duration.ofMillis(500)));
        Patience.until(LONG, () -> one.isDone() || lane.request().demand().wanted() > 1);

        Admission another = lane.enter(LONG);

        assertThat(another).isInstanceOf(Refused.class);
      }
    }

    private int throughput(int count) throws InterruptedException, ExecutionException {
      AtomicInteger most = new AtomicInteger();
      AtomicInteger live = new AtomicInteger();
      int begun = 0;
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<Boolean>> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          all.add(
              threads.submit(() -> {
                if (!(lane.enter(LONG) instanceof Admitted admitted)) {
                  return false;
                }
                most.accumulateAndGet(live.incrementAndGet(), Math::max);
                LockSupport.parkNanos(1_000);
                live.decrementAndGet();
                admitted.left(SUCCESS);
                return true;
              }));
        }
        for (Future<Boolean> one : all) {
          begun += one.get() ? 1 : 0;
        }
      }
      assertThat(most.get()).isLessThanOrEqualTo(3);
      return begun;
    }

    private static long done(List<Future<Admission>> waiters) {
      return waiters.stream().filter(Future::isDone).count();
    }
  }

  @Nested
  class Slots {

    private final Rate rate = new Rate(10, 3);

    @Test
    void anAttemptUsesASlotWhoseTimeHasCome() {
      grant(9, rate, List.of(NOW.minusMillis(10), NOW, NOW.plusMillis(100)));

      entered();
      entered();
      assertThat(lane.tryEnter()).isNull();
      clock.advance(Duration.ofMillis(100));
      entered();
    }

    @Test
    void aSlotIsGoodForAsLongAsTheBurstAllows() {
      grant(9, rate, List.of(NOW, NOW.plusMillis(100)));

      clock.advance(Duration.ofMillis(201));

      entered();
      assertThat(lane.tryEnter()).isNull();
    }

    @Test
    void aClockThatJumpsBackDoesNotStopTheLane() {
      grant(9, rate, List.of(NOW.plusMillis(100)));
      clock.set(NOW.minus(Duration.ofHours(1)));

      lane.markHolding();

      assertThat(lane.request().demand().slots()).isPositive();
    }

    @Test
    void slotsOfHeldEventsAreAskedForAheadUnlessNothingEnds() {
      grant(2, rate, List.of());
      assertThat(lane.request().demand().slots()).isZero();
      lane.markHolding();
      assertThat(lane.request().demand().slots())
          .as("6 in 500 ms, 2 for each permit")
          .isEqualTo(10);

      grant(2, rate, List.of(NOW, NOW.plusMillis(100)));
      assertThat(lane.request().demand().slots()).isEqualTo(8);
      entered();
      clock.advance(Duration.ofMillis(100));
      entered();
      assertThat(lane.request().demand().slots()).isZero();
    }

    @Test
    void withoutALimitNoneIsNeeded() {
      grant(1, rate, List.of(NOW.plusMillis(400)));
      grant(1);

      entered();
    }
  }

  @Nested
  class HeldEvents {

    @Test
    void asManyAreClaimedAsThereIsRoomFor() {
      grant(5);
      entered();
      assertThat(lane.openings(100)).as("nobody holds any").isZero();
      lane.markHolding();

      assertThat(lane.openings(3)).isEqualTo(3);
      assertThat(lane.openings(100)).isEqualTo(1);
      assertThat(lane.openings(100)).isZero();
      assertThat(lane.hasOpenings()).isFalse();
    }

    @Test
    void aGrantDoesNotForgetThoseOnTheirWay() {
      grant(5);
      lane.markHolding();
      assertThat(lane.openings(5)).isEqualTo(5);

      grant(5);

      assertThat(lane.openings(5)).isZero();
    }

    @Test
    void roomIsGivenBackWhenFewerCameAndNothingMoreIsClaimedOfAnEmptyLane() {
      grant(5);
      lane.markHolding();
      assertThat(lane.openings(5)).isEqualTo(5);

      lane.claimed(5, 1);

      assertThat(lane.request().demand().wanted()).isEqualTo(1);
      assertThat(lane.hasOpenings()).isFalse();
    }

    @Test
    void oneThatIsBeingHeldIsLookedForAgain() {
      grant(5);
      lane.hold("busy");
      int openings = lane.openings(5);

      lane.claimed(openings, 0);

      Patience.until(LONG, lane::hasOpenings);
    }

    @Test
    void promisesThatAreNotKeptAreForgotten() {
      grant(2);
      lane.markHolding();
      assertThat(lane.openings(2)).isEqualTo(2);
      lane.claimed(2, 2);

      Patience.until(
          LONG,
          () -> {
            grant(2);
            return lane.hasOpenings();
          });
    }

    @Test
    void noneIsClaimedWithoutPermitsSlotsOrAnOpenEndpoint() {
      lane.markHolding();
      assertThat(lane.openings(5)).isZero();
      grant(0);
      assertThat(lane.openings(5)).isZero();
      grant(5, new Rate(10, 3), List.of());
      assertThat(lane.openings(5)).isZero();
      lane.granted(lane.request(), Grant.NOTHING, leased());
      assertThat(lane.openings(5)).isZero();
    }

    @Test
    void slotsAreRoomToo() {
      grant(5, new Rate(10, 3), List.of(NOW, NOW.plusMillis(100)));
      lane.markHolding();

      assertThat(lane.openings(5)).isEqualTo(2);
    }
  }
}
