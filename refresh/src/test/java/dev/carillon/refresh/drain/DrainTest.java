package dev.carillon.refresh.drain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.refresh.request.Priority;
import dev.carillon.refresh.request.RefreshRequest;
import dev.carillon.refresh.source.Fetched;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class DrainTest {

  private final Rig rig = Rig.postgres();
  private final TestSource source = Rig.source(200);

  @AfterEach
  void close() {
    rig.close();
  }

  @Nested
  class ADrain {

    @Test
    void fetchesEachRequestOnceAndEndsWhenNoneIsLeft() {
      List<String> tags = rig.enqueue(100);

      DrainReport report = rig.drained(source);

      assertThat(report.ended()).isEqualTo(Ended.EMPTY);
      assertThat(report.processed()).isEqualTo(100);
      assertThat(report.changed()).isEqualTo(100);
      assertThat(report.calls()).isEqualTo(100);
      assertThat(report.remaining()).isZero();
      assertThat(source.called).containsExactlyInAnyOrderElementsOf(tags);
      assertThat(rig.count("SELECT count(*) FROM stored WHERE times = 1")).isEqualTo(100);
      assertThat(rig.queueState().inHand()).isZero();
      assertThat(rig.drained(source).calls()).isZero();
    }

    @Test
    void callsInTheOrderOfDeadlinesAndThenOfArrival() {
      Instant now = Rig.CLOCK.instant();
      List<RefreshRequest> requests = new ArrayList<>();
      for (String tag : List.of("#Z", "#M", "#A", "#K")) {
        requests.add(new RefreshRequest(Rig.key(tag), Priority.LOW, now));
      }
      requests.add(new RefreshRequest(Rig.key("#Y"), Priority.CRITICAL, now));
      requests.add(new RefreshRequest(Rig.key("#B"), Priority.CRITICAL, now));
      requests.add(
          new RefreshRequest(Rig.key("#OLD"), Priority.LOW, now.minus(Duration.ofHours(9))));
      rig.queue.add(requests);

      TestSource slow = Rig.source(20);

      rig.drained(slow);

      assertThat(slow.called).containsExactly("#OLD", "#Y", "#B", "#Z", "#M", "#A", "#K");
    }

    @Test
    void ofAnEmptyQueueCallsNobody() {
      DrainReport report = rig.drained(source);
      assertThat(report.ended()).isEqualTo(Ended.EMPTY);
      assertThat(report.calls()).isZero();
      assertThat(report.callsPerSecond()).isZero();
    }

    @Test
    void fetchesAgainWhatWasAskedForWhileItWasInHand() {
      rig.enqueue(1);
      AtomicBoolean first = new AtomicBoolean(true);
      source.behaviour =
          key -> {
            Fetched found = source.found(key);
            if (first.getAndSet(false)) {
              rig.queue.add(List.of(new RefreshRequest(key, Priority.MEDIUM, Rig.CLOCK.instant())));
            }
            return found;
          };

      DrainReport report = rig.drained(source);

      assertThat(report.processed() + report.dropped()).isEqualTo(2);
      assertThat(rig.waiting()).isZero();
    }

    @Test
    void tellsHowFarItIs() {
      rig.enqueue(250);
      List<Progress> told = new CopyOnWriteArrayList<>();

      rig.drain(Rig.source(100)).run(Rig.LIMITS, new Stop(), told::add);

      assertThat(told).hasSizeGreaterThanOrEqualTo(2);
      assertThat(told.getFirst().remaining()).isBetween(1L, 250L);
      assertThat(told.getLast().processed()).isGreaterThan(told.getFirst().processed());
      assertThat(told.getLast().callsPerSecond()).isBetween(50.0, 101.0);
    }

    @Test
    void isRemembered() {
      rig.enqueue(5);
      rig.drained(source);
      PastDrain last = new DrainLog(rig.database.jdbi()).last(TestSource.NAME, 1).getFirst();
      assertThat(last.ended()).isEqualTo(Ended.EMPTY);
      assertThat(last.processed()).isEqualTo(5);
      assertThat(last.endedAt()).isAfterOrEqualTo(last.startedAt());
      DrainLog log = new DrainLog(rig.database.jdbi());
      assertThat(log.forget(Rig.CLOCK.instant())).isZero();
      assertThat(log.forget(Rig.CLOCK.instant().plus(Duration.ofDays(31)))).isEqualTo(1);
    }

    @Test
    void movesWhatOthersLeftIntoTheQueue() {
      AtomicInteger batches = new AtomicInteger();
      Intake intake =
          _ -> {
            if (batches.incrementAndGet() > 3) {
              return 0;
            }
            rig.queue.add(List.of(Rig.request("#IN" + batches.get())));
            return 1;
          };
      Drain drain =
          new Drain(
              new Drain.Parts(
                  source, rig.queue, rig.tempos, rig.database.jdbi(), Rig.CLOCK, intake));

      drain.run(Rig.LIMITS, new Stop(), _ -> {});

      assertThat(source.called).containsExactlyInAnyOrder("#IN1", "#IN2", "#IN3");
    }
  }

  @Nested
  class FreshRecords {

    @Test
    void areNotCalledAgain() {
      rig.enqueue(20);
      rig.drained(source);
      rig.enqueue(20);

      DrainReport report = rig.drained(source);

      assertThat(report.dropped()).isEqualTo(20);
      assertThat(report.calls()).isZero();
      assertThat(report.ended()).isEqualTo(Ended.EMPTY);
      assertThat(rig.waiting()).isZero();
    }

    @Test
    void areThoseThatTheSourceSaysWillBeTheSame() {
      source.freshFor = Duration.ofHours(10);
      rig.enqueue(1);
      rig.drained(source);
      assertThat(rig.state("#000000").orElseThrow().isFresh(Priority.CRITICAL, hoursAhead(9)))
          .isTrue();
    }

    @Test
    void areMissingOnesToo() {
      Instant until = hoursAhead(24);
      source.behaviour =
          key -> new Fetched.Missing(key, "there is none", Rig.CLOCK.instant(), until);
      rig.enqueue(1);

      DrainReport report = rig.drained(source);

      assertThat(report.missing()).isEqualTo(1);
      assertThat(rig.state("#000000").orElseThrow().missing()).isEqualTo("there is none");
      assertThat(rig.state("#000000").orElseThrow().isFresh(Priority.CRITICAL, hoursAhead(23)))
          .isTrue();
    }
  }

  @Nested
  class FollowUps {

    @Test
    void areFetchedInTheSameRun() {
      source.behaviour =
          key ->
              key.tag().equals("#NEXT")
                  ? source.found(key)
                  : source.found(key, List.of(Rig.request("#NEXT")));
      rig.enqueue(3);

      assertThat(rig.drained(source).processed()).isEqualTo(4);
      assertThat(source.called).containsOnlyOnce("#NEXT");
    }

    @Test
    void ofTheRecordItselfAreNotTakenForFresh() {
      Instant look = Rig.CLOCK.instant().plusMillis(1_500).truncatedTo(ChronoUnit.MILLIS);
      AtomicInteger calls = new AtomicInteger();
      source.behaviour =
          key ->
              calls.incrementAndGet() > 1
                  ? source.found(key)
                  : source.found(key, List.of(new RefreshRequest(key, Priority.CRITICAL, look)));
      rig.enqueue(1);
      rig.drained(source);
      assertThat(rig.state("#000000").orElseThrow().isFresh(Priority.LOW, look)).isFalse();
      assertThat(rig.waiting()).as("it waits with the record").isZero();
      assertThat(source.called).as("once is enough for now").hasSize(1);

      Rig.until(() -> Rig.CLOCK.instant().isAfter(look));

      assertThat(rig.drained(source).calls()).isEqualTo(1);
      assertThat(rig.waiting()).isZero();
    }
  }

  private static Instant hoursAhead(int hours) {
    return Rig.CLOCK.instant().plus(Duration.ofHours(hours));
  }
}
