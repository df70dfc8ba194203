package dev.carillon.refresh.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.carillon.refresh.queue.RefreshQueue.Added;
import dev.carillon.refresh.queue.RefreshQueue.State;
import dev.carillon.refresh.queue.RefreshQueue.Taken;
import dev.carillon.refresh.request.Priority;
import dev.carillon.refresh.request.RecordKey;
import dev.carillon.refresh.request.RefreshRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every queue does. Each test has a queue of its own. */
@Timeout(180)
abstract class RefreshQueueContract {

  static final String SOURCE = "clash-of-clans";
  static final Instant NOW = Instant.parse("2026-11-22T12:00:00.123456Z");

  /** The queue of this test, empty at first. */
  abstract RefreshQueue queue();

  static RecordKey key(String tag) {
    return new RecordKey(SOURCE, "clan", tag);
  }

  static RefreshRequest request(String tag, Priority priority, Instant at) {
    return new RefreshRequest(key(tag), priority, at);
  }

  static RefreshRequest low(String tag) {
    return request(tag, Priority.LOW, NOW);
  }

  Added add(RefreshRequest... requests) {
    return queue().add(List.of(requests));
  }

  List<Taken> take(int most) {
    return queue().take(SOURCE, most, NOW);
  }

  static List<String> tags(Collection<Taken> taken) {
    return taken.stream().map(one -> one.request().key().tag()).toList();
  }

  @Nested
  class Adding {

    @Test
    void aRequestIsTakenAsItWasAdded() {
      assertThat(add(low("#A"))).isEqualTo(new Added(1, 0, 0));

      List<Taken> taken = take(10);

      assertThat(taken).extracting(Taken::request).containsExactly(low("#A"));
      assertThat(taken).extracting(Taken::takes).containsExactly(1);
    }

    @Test
    void aRecordThatWaitsIsNotQueuedTwice() {
      add(low("#A"));

      assertThat(add(low("#A"), request("#A", Priority.LOW, NOW.plusSeconds(5)), low("#B")))
          .isEqualTo(new Added(1, 0, 2));
      assertThat(tags(take(10))).containsExactly("#A", "#B");
    }

    @Test
    void recordsOfOtherTypesAndSourcesAreOthers() {
      RecordKey player = new RecordKey(SOURCE, "player", "#A");
      RecordKey elsewhere = new RecordKey("other", "clan", "#A");
      add(
          low("#A"),
          new RefreshRequest(player, Priority.LOW, NOW),
          new RefreshRequest(elsewhere, Priority.LOW, NOW));

      assertThat(take(10))
          .extracting(one -> one.request().key())
          .containsExactly(key("#A"), player);
      assertThat(queue().take("other", 10, NOW))
          .extracting(one -> one.request().key())
          .containsExactly(elsewhere);
    }

    @Test
    void aMoreUrgentRequestMovesTheWaitingOneForward() {
      add(low("#A"), low("#B"));

      assertThat(add(request("#B", Priority.CRITICAL, NOW.plusSeconds(60))))
          .isEqualTo(new Added(0, 1, 0));

      assertThat(take(10))
          .extracting(Taken::request)
          .containsExactly(request("#B", Priority.CRITICAL, NOW), low("#A"));
    }

    @Test
    void aLessUrgentRequestChangesNothing() {
      add(request("#A", Priority.HIGH, NOW));

      assertThat(add(request("#A", Priority.LOW, NOW.minus(Duration.ofHours(1)))))
          .isEqualTo(new Added(0, 0, 1));
      assertThat(take(10))
          .extracting(Taken::request)
          .containsExactly(request("#A", Priority.HIGH, NOW));
    }

    @Test
    void aRaisedRequestStandsBehindThoseOfItsNewPriority() {
      add(low("#A"), request("#B", Priority.HIGH, NOW));

      add(request("#A", Priority.HIGH, NOW.plusSeconds(1)));
      add(request("#C", Priority.HIGH, NOW.plusSeconds(2)));

      assertThat(tags(take(10))).containsExactly("#B", "#A", "#C");
    }

    @Test
    void aBatchOfOneRecordIsItsMostUrgentRequest() {
      assertThat(
              add(
                  low("#A"),
                  low("#B"),
                  request("#A", Priority.CRITICAL, NOW.plusSeconds(9)),
                  request("#A", Priority.HIGH, NOW)))
          .isEqualTo(new Added(2, 0, 2));
      assertThat(take(10))
          .extracting(Taken::request)
          .containsExactly(request("#A", Priority.CRITICAL, NOW), low("#B"));
    }

    @Test
    void nothingIsAdded() {
      assertThat(add()).isEqualTo(new Added(0, 0, 0));
      assertThat(take(10)).isEmpty();
      assertThat(take(0)).isEmpty();
    }

    @Test
    void aBatchHasALimit() {
      List<RefreshRequest> tooMany = Collections.nCopies(RefreshQueue.MAX_BATCH + 1, low("#A"));

      assertThatIllegalArgumentException()
          .isThrownBy(() -> queue().add(tooMany))
          .withMessage("at most 1000 requests can be added at once, not 1001");
    }

    @Test
    void tagsMayHaveWhateverATagMayHave() {
      List<String> tags = List.of("a/b:c d", "#Ä€😀", "'; --", "{\"x\":1}", "-", "x".repeat(128));
      queue().add(tags.stream().map(RefreshQueueContract::low).toList());

      List<Taken> taken = take(10);

      assertThat(tags(taken)).containsExactlyElementsOf(tags);
      queue().done(taken);
      assertThat(queue().state(SOURCE, NOW).inHand()).isZero();
    }
  }

  @Nested
  class Order {

    @Test
    void withinAPriorityWhatCameFirstIsTakenFirst() {
      add(low("#C"), low("#A"));
      add(low("#B"), low("#0"));

      assertThat(tags(take(3))).containsExactly("#C", "#A", "#B");
      assertThat(tags(take(3))).containsExactly("#0");
    }

    @Test
    void moreUrgentPrioritiesAreTakenFirst() {
      add(
          low("#L"),
          request("#M", Priority.MEDIUM, NOW),
          request("#H", Priority.HIGH, NOW),
          request("#C", Priority.CRITICAL, NOW));

      assertThat(tags(take(10))).containsExactly("#C", "#H", "#M", "#L");
    }

    @Test
    void nothingStarvesALowRequestOfNineHoursAgoGoesBeforeACriticalOneOfNow() {
      add(request("#C", Priority.CRITICAL, NOW));
      add(request("#L", Priority.LOW, NOW.minus(Duration.ofHours(9))));

      assertThat(tags(take(1))).containsExactly("#L");
    }

    @Test
    void prioritiesAreMergedByDeadline() {
      Random random = new Random(42);
      List<RefreshRequest> requests = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        Priority priority = Priority.of(random.nextInt(4));
        requests.add(request("#" + i, priority, NOW.minusSeconds(random.nextInt(36_000))));
      }
      queue().add(requests);

      List<Instant> deadlines = new ArrayList<>();
      for (int most : new int[] {1, 7, 92, 400}) {
        take(most).forEach(one -> deadlines.add(one.request().deadline()));
      }

      assertThat(deadlines).hasSize(500).isSorted();
    }
  }

  @Nested
  class InHand {

    @Test
    void whatIsInHandIsNotTakenAgain() {
      add(low("#A"));
      take(1);

      assertThat(take(1)).isEmpty();
    }

    @Test
    void whatIsDoneIsGone() {
      add(low("#A"));
      queue().done(take(1));

      assertThat(queue().state(SOURCE, NOW).size()).isZero();
      assertThat(add(low("#A"))).isEqualTo(new Added(1, 0, 0));
    }

    @Test
    void whatIsAskedForMeanwhileIsQueuedWhenItIsDone() {
      add(low("#A"));
      List<Taken> first = take(1);

      assertThat(add(request("#A", Priority.LOW, NOW.plusSeconds(9))))
          .isEqualTo(new Added(1, 0, 0));
      assertThat(add(request("#A", Priority.HIGH, NOW.plusSeconds(10))))
          .isEqualTo(new Added(0, 1, 0));
      assertThat(add(low("#A"))).isEqualTo(new Added(0, 0, 1));
      assertThat(take(1)).isEmpty();
      queue().done(first);

      List<Taken> second = take(10);
      assertThat(second)
          .extracting(Taken::request)
          .containsExactly(request("#A", Priority.HIGH, NOW.plusSeconds(9)));
      assertThat(second).extracting(Taken::takes).containsExactly(1);
      queue().done(second);
      assertThat(take(10)).isEmpty();
    }

    @Test
    void whatIsGivenBackIsAtItsOldPlaceAndCountsAsNotTaken() {
      add(low("#A"), low("#B"), low("#C"));
      List<Taken> taken = take(2);
      add(low("#D"));

      queue().giveBack(List.of(taken.get(1), taken.get(0)));

      List<Taken> again = take(10);
      assertThat(tags(again)).containsExactly("#A", "#B", "#C", "#D");
      assertThat(again).extracting(Taken::takes).containsOnly(1);
    }

    @Test
    void whatIsGivenBackHasTheUrgencyThatWasAskedForMeanwhile() {
      add(low("#A"), low("#B"));
      List<Taken> taken = take(2);
      add(request("#B", Priority.CRITICAL, NOW));

      queue().giveBack(taken);

      assertThat(tags(take(10))).containsExactly("#B", "#A");
    }

    @Test
    void whatIsEndedTwiceIsEndedOnce() {
      add(low("#A"));
      List<Taken> taken = take(1);
      queue().giveBack(taken);

      queue().done(taken);
      queue().giveBack(taken);

      assertThat(take(10)).extracting(Taken::takes).containsExactly(1);
    }
  }

  @Nested
  class Leases {

    private final Instant lapsed = NOW.plus(RefreshQueue.LEASE);

    @Test
    void nothingIsReclaimedBeforeItsTime() {
      add(low("#A"));
      take(1);

      assertThat(queue().reclaim(SOURCE, lapsed.minusMillis(1))).isZero();
      assertThat(take(1)).isEmpty();
    }

    @Test
    void whatADeadProcessHadComesBackToItsPlace() {
      add(low("#A"), low("#B"));
      take(1);

      assertThat(queue().reclaim("other", lapsed)).isZero();
      assertThat(queue().reclaim(SOURCE, lapsed)).isEqualTo(1);

      List<Taken> taken = take(2);
      assertThat(tags(taken)).containsExactly("#A", "#B");
      assertThat(taken).extracting(Taken::takes).containsExactly(2, 1);
    }

    @Test
    void aTakerThatIsTooLateChangesNothing() {
      add(low("#A"));
      List<Taken> late = take(1);
      queue().reclaim(SOURCE, lapsed);
      List<Taken> second = queue().take(SOURCE, 1, lapsed);

      queue().done(late);
      queue().giveBack(late);

      assertThat(queue().state(SOURCE, lapsed).inHand()).isEqualTo(1);
      queue().done(second);
      assertThat(queue().state(SOURCE, lapsed).inHand()).isZero();
    }

    @Test
    void whatIsTakenThreeTimesInVainIsADeadLetter() {
      add(low("#A\"1"), low("#B"));
      for (int i = 0; i < RefreshQueue.MOST_TAKES; i++) {
        assertThat(tags(take(1))).containsExactly("#A\"1");
        assertThat(queue().reclaim(SOURCE, lapsed)).isEqualTo(1);
      }

      assertThat(tags(take(10))).containsExactly("#B");
      assertThat(queue().state(SOURCE, NOW).dead()).isEqualTo(1);
      RefreshQueue.Dead dead = queue().dead(SOURCE, 10).getFirst();
      assertThat(InboxItem.read(dead.item(), (source, type, tag) -> key(tag), NOW))
          .isEqualTo(new InboxItem.Good(dead.item(), low("#A\"1")));
      assertThat(dead.reason()).isEqualTo("taken 3 times, and no taker came to its end");
      assertThat(dead.at()).isEqualTo(lapsed);
      assertThat(add(low("#A\"1"))).isEqualTo(new Added(1, 0, 0));
    }

    @Test
    void whatIsAskedForMeanwhileOutlivesADeadLetter() {
      add(low("#A"));
      for (int i = 0; i < RefreshQueue.MOST_TAKES; i++) {
        take(1);
        add(request("#A", Priority.HIGH, NOW));
        queue().reclaim(SOURCE, lapsed);
      }

      List<Taken> taken = take(10);
      assertThat(tags(taken)).containsExactly("#A");
      assertThat(taken).extracting(Taken::takes).containsExactly(1);
    }

    @Test
    void moreThanABatchIsReclaimed() {
      for (int i = 0; i < 5; i++) {
        int batch = i;
        queue().add(IntStream.range(0, 500).mapToObj(n -> low("#" + batch + "-" + n)).toList());
        take(500);
      }

      assertThat(queue().reclaim(SOURCE, lapsed)).isEqualTo(2_500);
      assertThat(queue().state(SOURCE, lapsed).size()).isEqualTo(2_500);
    }
  }

  @Nested
  class States {

    @Test
    void anEmptyQueueSaysSo() {
      assertThat(queue().state(SOURCE, NOW)).isEqualTo(new State(NOW, Map.of(), Map.of(), 0, 0));
      assertThat(queue().dead(SOURCE, 10)).isEmpty();
      assertThat(queue().trouble()).isNull();
    }

    @Test
    void whatWaitsIsCountedByPriority() {
      Instant before = NOW.minusSeconds(7);
      add(request("#A", Priority.LOW, before), low("#B"), request("#C", Priority.HIGH, NOW));
      add(low("#D"), request("#E", Priority.CRITICAL, NOW));
      take(1);

      Map<Priority, Long> waiting = Map.of(Priority.LOW, 3L, Priority.HIGH, 1L);
      Map<Priority, Instant> oldest = Map.of(Priority.LOW, before, Priority.HIGH, NOW);
      assertThat(queue().state(SOURCE, NOW)).isEqualTo(new State(NOW, waiting, oldest, 1, 0));
      assertThat(queue().state("other", NOW).size()).isZero();
    }
  }

  @Nested
  class ManyAtOnce {

    @Test
    void twoTakersNeverGetTheSame() throws Exception {
      int all = 4_000;
      for (int i = 0; i < all; i += 1_000) {
        queue().add(IntStream.range(i, i + 1_000).mapToObj(n -> low("#" + n)).toList());
      }
      List<String> taken = new ArrayList<>();
      for (List<String> one : together(4, () -> takeAll(7))) {
        taken.addAll(one);
      }

      assertThat(taken).hasSize(all).doesNotHaveDuplicates();
      assertThat(queue().state(SOURCE, NOW).inHand()).isZero();
    }

    @Test
    void addersAndTakersOfTheSameRecordsLoseNothing() throws Exception {
      List<Integer> queued =
          together(
              4,
              () -> {
                Random random = new Random();
                int count = 0;
                for (int i = 0; i < 50; i++) {
                  List<RefreshRequest> batch =
                      random.ints(20, 0, 60).mapToObj(n -> low("#" + n)).toList();
                  count += queue().add(batch).queued();
                  List<Taken> taken = take(10);
                  count -= taken.size();
                  queue().done(taken);
                }
                return count;
              });
      int left = takeAll(100).size();
      assertThat(queued.stream().mapToInt(Integer::intValue).sum()).isEqualTo(left);
      assertThat(queue().state(SOURCE, NOW).inHand()).isZero();
    }

    @Test
    void aHundredThousandAreTakenOnceAndInOrder() {
      int all = 100_000;
      for (int i = 0; i < all; i += 1_000) {
        Instant at = NOW.plusMillis(i);
        queue()
            .add(
                IntStream.range(i, i + 1_000)
                    .mapToObj(n -> request("#" + n, Priority.MEDIUM, at))
                    .toList());
      }
      assertThat(queue().state(SOURCE, NOW).size()).isEqualTo(all);
      List<String> taken = takeAll(1_000);
      assertThat(taken).isEqualTo(IntStream.range(0, all).mapToObj(n -> "#" + n).toList());
    }

    private List<String> takeAll(int batch) {
      List<String> tags = new ArrayList<>();
      List<Taken> taken = take(batch);
      while (!taken.isEmpty()) {
        tags.addAll(tags(taken));
        queue().done(taken);
        taken = take(batch);
      }
      return tags;
    }

    private <T> List<T> together(int count, Callable<T> task) throws Exception {
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<T> results = new ArrayList<>();
        for (Future<T> future : threads.invokeAll(Collections.nCopies(count, task))) {
          results.add(future.get());
        }
        return results;
      }
    }
  }
}
