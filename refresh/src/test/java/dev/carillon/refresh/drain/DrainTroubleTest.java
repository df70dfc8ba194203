package dev.carillon.refresh.drain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.refresh.record.Failure;
import dev.carillon.refresh.record.Failures;
import dev.carillon.refresh.request.Priority;
import dev.carillon.refresh.request.RecordKey;
import dev.carillon.refresh.source.Fetched;
import dev.carillon.refresh.source.SourceException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Drains of sources that fail, are called too fast, are down or refuse a key. */
@Timeout(120)
class DrainTroubleTest {

  private final Rig rig = Rig.postgres();
  private final TestSource source = Rig.source(200);

  @AfterEach
  void close() {
    rig.close();
  }

  @Nested
  class Failing {

    @Test
    void callsArePacedLikeOthers() {
      TestSource failing = Rig.source(20);
      failing.behaviour = key -> new Fetched.Failed(key, "answered 500");
      rig.enqueue(50);

      DrainReport report = rig.drained(failing);

      assertThat(report.failures()).isEqualTo(50);
      // A call that comes late on a busy machine may be one too many in a second.
      assertThat(failing.mostInASecond()).isLessThanOrEqualTo(21);
    }

    @Test
    void callsAreNotMadeAgainButNoted() {
      source.behaviour =
          key ->
              key.tag().equals("#000000")
                  ? new Fetched.Failed(key, "answered 500")
                  : source.found(key);
      rig.enqueue(10);

      DrainReport report = rig.drained(source);

      assertThat(report.ended()).isEqualTo(Ended.EMPTY);
      assertThat(report.failed()).isEqualTo(Map.of(FailureKind.CALL, 1L));
      assertThat(report.changed()).isEqualTo(9);
      assertThat(rig.waiting()).isZero();
      assertThat(source.called).containsOnlyOnce("#000000");
      List<Failure> noted =
          new Failures(rig.database.jdbi()).page(TestSource.NAME, Failures.NEWEST, 10);
      assertThat(noted).hasSize(1);
      assertThat(noted.getFirst().key()).isEqualTo(Rig.key("#000000"));
      assertThat(noted.getFirst().reason()).isEqualTo("answered 500");
      assertThat(noted.getFirst().priority()).isEqualTo(Priority.MEDIUM);
    }

    @Test
    void callsAreMadeAgainWhenSomebodyRedrivesThem() {
      Failures failures = new Failures(rig.database.jdbi());
      source.behaviour = key -> new Fetched.Failed(key, "answered 500");
      rig.enqueue(2);
      rig.drained(source);
      source.behaviour = source::found;
      List<Long> ids =
          failures.page(TestSource.NAME, Failures.NEWEST, 10).stream().map(Failure::id).toList();

      assertThat(failures.redrive(ids, rig.queue, Rig.CLOCK.instant())).isEqualTo(2);

      assertThat(failures.redrive(ids, rig.queue, Rig.CLOCK.instant())).isZero();
      assertThat(rig.drained(source).changed()).isEqualTo(2);
    }

    @Test
    void sourcesAreNotTheEndOfADrain() {
      source.behaviour =
          _ -> {
            throw new IllegalStateException("a mistake of the source");
          };
      rig.enqueue(3);
      assertThat(rig.drained(source).failures()).isEqualTo(3);
    }

    @Test
    void recordsThatCannotBeStoredDoNotKeepTheOthersFromIt() {
      source.behaviour =
          key -> {
            if (!key.tag().equals("#000000")) {
              return source.found(key);
            }
            Fetched.Found found = (Fetched.Found) source.found(key);
            RecordKey broken = new RecordKey(TestSource.NAME, "clan", "#0");
            return new Fetched.Found(
                broken,
                found.body(),
                found.fetchedAt(),
                // PostgreSQL has no such time.
                Instant.MAX,
                List.of());
          };
      rig.enqueue(30);

      DrainReport report = rig.drained(source);

      assertThat(report.ended()).isEqualTo(Ended.EMPTY);
      assertThat(report.failed()).isEqualTo(Map.of(FailureKind.STORING, 1L));
      assertThat(report.changed()).isEqualTo(29);
      assertThat(rig.count("SELECT count(*) FROM stored")).isEqualTo(29);
      assertThat(rig.count("SELECT count(*) FROM refresh_failure")).isEqualTo(1);
    }
  }

  @Nested
  class ASourceThatIsCalledTooFast {

    @Test
    void isCalledMoreSlowlyAndGetsTheRequestAgain() {
      AtomicBoolean first = new AtomicBoolean(true);
      source.behaviour =
          key ->
              first.getAndSet(false)
                  ? new Fetched.TooFast(key, "too fast", null)
                  : source.found(key);
      rig.enqueue(10);

      DrainReport report = rig.drained(source);

      assertThat(report.changed()).isEqualTo(10);
      assertThat(report.calls()).isEqualTo(11);
      assertThat(report.failed()).isEqualTo(Map.of(FailureKind.TOO_FAST, 1L));
      assertThat(report.givenBack()).isGreaterThanOrEqualTo(1);
      assertThat(rig.refreshes(source).health(TestSource.NAME).tempo())
          .satisfies(tempo -> assertThat(tempo.rate()).isEqualTo(100));
    }
  }

  @Nested
  class ASourceThatIsDown {

    @Test
    void isLeftAloneAndSoEndsTheDrain() {
      source.behaviour = key -> new Fetched.Down(key, "maintenance", Duration.ofMinutes(10));
      List<String> tags = rig.enqueue(100);

      DrainReport report = rig.drained(source);

      assertThat(report.ended()).isEqualTo(Ended.PAUSED);
      assertThat(report.detail()).contains("maintenance");
      assertThat(report.remaining()).isEqualTo(100);
      assertThat(report.calls()).isLessThan(30);
      assertThat(report.failures()).isZero();
      assertThat(
              rig.queue.take(TestSource.NAME, 100, Rig.CLOCK.instant()).stream()
                  .map(taken -> taken.request().key().tag()))
          .as("each at its old place")
          .containsExactlyElementsOf(tags);
      RefreshHealth health = rig.refreshes(source).health(TestSource.NAME);
      assertThat(health.isHealthy()).isTrue();
      assertThat(health.tempo())
          .satisfies(tempo -> assertThat(tempo.pauseReason()).isEqualTo("maintenance"));
    }

    @Test
    void isWaitedForIfThatIsNotLong() {
      AtomicBoolean first = new AtomicBoolean(true);
      source.behaviour =
          key ->
              first.getAndSet(false)
                  ? new Fetched.Down(key, "maintenance", Duration.ofSeconds(1))
                  : source.found(key);
      rig.enqueue(5);

      DrainReport report = rig.drained(source);

      assertThat(report.ended()).isEqualTo(Ended.EMPTY);
      assertThat(report.detail()).isNull();
      assertThat(report.changed()).isEqualTo(5);
      assertThat(report.pausedFor()).isBetween(Duration.ofMillis(500), Duration.ofSeconds(3));
    }
  }

  @Nested
  class ASourceThatRefusesAKey {

    @Test
    void isOpenedOnceMore() {
      source.behaviour =
          key -> source.opened() < 2 ? new Fetched.Refused(key, "invalidIp") : source.found(key);
      rig.enqueue(20);

      DrainReport report = rig.drained(source);

      assertThat(report.ended()).isEqualTo(Ended.EMPTY);
      assertThat(report.changed()).isEqualTo(20);
      assertThat(source.opened()).isEqualTo(2);
    }

    @Test
    void endsTheDrainIfNoOtherKeyIsFound() {
      source.behaviour = key -> new Fetched.Refused(key, "invalidIp");
      source.opening =
          times -> {
            if (times > 1) {
              throw new SourceException("no key is left");
            }
          };
      rig.enqueue(20);

      DrainReport report = rig.drained(source);

      assertThat(report.ended()).isEqualTo(Ended.REFUSED);
      assertThat(report.detail()).isEqualTo("no key is left");
      assertThat(report.remaining()).isEqualTo(20);
    }

    @Test
    void endsTheDrainIfItRefusesTheNewOneToo() {
      source.behaviour = key -> new Fetched.Refused(key, "invalidIp");
      rig.enqueue(20);

      DrainReport report = rig.drained(source);

      assertThat(report.ended()).isEqualTo(Ended.REFUSED);
      assertThat(source.opened()).isEqualTo(2);
      assertThat(report.remaining()).isEqualTo(20);
    }

    @Test
    void endsTheDrainAlsoByAMistakeOfItsOwn() {
      source.opening =
          _ -> {
            throw new IllegalStateException("a mistake of the source");
          };
      rig.enqueue(1);

      assertThat(rig.drained(source).ended()).isEqualTo(Ended.REFUSED);
      assertThat(rig.count("SELECT count(*) FROM refresh_drain WHERE ended_at IS NULL")).isZero();
    }

    @Test
    void isNotCalledIfItCannotBeOpened() {
      source.opening =
          _ -> {
            throw new SourceException("the account is wrong");
          };
      rig.enqueue(1);

      DrainReport report = rig.drained(source);

      assertThat(report.ended()).isEqualTo(Ended.REFUSED);
      assertThat(report.detail()).isEqualTo("the account is wrong");
      assertThat(source.called).isEmpty();
      assertThat(rig.waiting()).isEqualTo(1);
    }
  }
}
