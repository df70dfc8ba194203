package dev.carillon.refresh.drain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.carillon.refresh.queue.RefreshQueue.Taken;
import dev.carillon.refresh.record.Freshness;
import dev.carillon.refresh.request.Priority;
import dev.carillon.refresh.request.Urgency;
import dev.carillon.refresh.source.Fetched;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RefreshesTest {

  private final Rig rig = Rig.postgres();
  private final TestSource source = Rig.source(200);
  private final Refreshes refreshes = rig.refreshes(source);

  @AfterEach
  void close() {
    rig.close();
  }

  @Nested
  class Wishes {

    @Test
    void areQueuedOnceEachUnlessTheyAreMoreUrgent() {
      assertThat(refreshes.request(List.of(wish("#a"), wish("#B"), wish("#A"))))
          .isEqualTo(new Asked(2, 0, 1, 0, List.of()));
      assertThat(
              refreshes.request(
                  List.of(new Wish(null, "clan", "#A", Priority.CRITICAL, null), wish("#B"))))
          .isEqualTo(new Asked(0, 1, 1, 0, List.of()));
      assertThat(rig.queue.take(TestSource.NAME, 10, Rig.CLOCK.instant()))
          .extracting((Taken taken) -> taken.request().key().tag())
          .containsExactly("#A", "#B");
    }

    @Test
    void thatSayNoPriorityAreAsUrgentAsTheirKind() {
      Refreshes kinds =
          new Refreshes(
              List.of(source),
              key -> key.type().equals("war") ? Priority.CRITICAL : Priority.LOW,
              rig.queue,
              rig.tempos,
              rig.database.jdbi(),
              Rig.CLOCK);

      kinds.request(
          List.of(
              new Wish(null, "clan", "#A", null, null),
              new Wish(null, "war", "#A", null, null),
              new Wish(null, "war", "#B", Priority.HIGH, null)));

      assertThat(rig.queueState().waiting())
          .isEqualTo(Map.of(Priority.CRITICAL, 1L, Priority.HIGH, 1L, Priority.LOW, 1L));
    }

    @Test
    void forFreshRecordsAreDropped() {
      rig.queue.add(List.of(Rig.request("#A")));
      rig.drained(source);
      assertThat(refreshes.request(List.of(wish("#A"), wish("#B"))))
          .isEqualTo(new Asked(1, 0, 0, 1, List.of()));
    }

    @Test
    void thatCanBeNoneAreToldWithTheReason() {
      Asked asked =
          refreshes.request(
              List.of(
                  wish("#A"),
                  new Wish("elsewhere", "clan", "#A", null, null),
                  new Wish(TestSource.NAME, "ship", "#A", null, null),
                  wish("A"),
                  new Wish(null, "clan", "#A", null, Rig.CLOCK.instant().plus(Duration.ofHours(1))),
                  new Wish(
                      null, "clan", "#A", null, Rig.CLOCK.instant().minus(Duration.ofDays(2)))));
      assertThat(asked.queued()).isEqualTo(1);
      assertThat(asked.invalid())
          .containsExactly(
              new Asked.Invalid(1, "source must be one of test-source"),
              new Asked.Invalid(2, "type must be one of clan, player, war"),
              new Asked.Invalid(3, "tag is not one that a clan of test-source can have"),
              new Asked.Invalid(
                  4, "requested_at must be at most 24 h ago and at most 5 minutes ahead"),
              new Asked.Invalid(
                  5, "requested_at must be at most 24 h ago and at most 5 minutes ahead"));
    }

    @Test
    void areAtMostABatch() {
      List<Wish> many = Collections.nCopies(1_001, wish("#A"));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> refreshes.request(many))
          .withMessage("at most 1000 records can be asked for at once, not 1001");
    }
  }

  @Nested
  class ARecordThatIsRead {

    @Test
    void isQueuedIfItWasNeverFetched() {
      assertThat(refreshes.read(Rig.key("#A"), Priority.HIGH))
          .isEqualTo(new Answered.Unknown(Rig.key("#A"), true));
      assertThat(rig.waiting()).isEqualTo(1);
    }

    @Test
    void isAnsweredWithItsFreshness() {
      rig.queue.add(List.of(Rig.request("#A")));
      rig.drained(source);

      Answered answered = refreshes.read(Rig.key("#A"), Priority.HIGH);

      assertThat(answered).isInstanceOf(Answered.Found.class);
      assertThat(answered.queued()).isFalse();
      Answered.Found found = (Answered.Found) answered;
      assertThat(found.body().path("tag").asText()).isEqualTo("#A");
      assertThat(found.freshness().dataSource()).isEqualTo(Freshness.CACHED);
      assertThat(found.freshness().stale()).isFalse();
      assertThat(found.freshness().asOf()).isEqualTo(found.freshness().cacheRefreshedAt());
      assertThat(found.freshness().lag()).isBetween(Duration.ZERO, Duration.ofSeconds(30));
      assertThat(rig.waiting()).isZero();
    }

    @Test
    void isAnsweredAndQueuedIfItIsStale() {
      rig.queue.add(List.of(Rig.request("#A")));
      rig.drained(source);
      Refreshes later =
          new Refreshes(
              List.of(source),
              Urgency.MEDIUM,
              rig.queue,
              rig.tempos,
              rig.database.jdbi(),
              () -> Rig.CLOCK.instant().plus(Duration.ofMinutes(31)));

      Answered answered = later.read(Rig.key("#A"), Priority.HIGH);

      assertThat(answered).isInstanceOf(Answered.Found.class);
      assertThat(answered.queued()).isTrue();
      assertThat(((Answered.Found) answered).freshness().stale()).isTrue();
      assertThat(later.read(Rig.key("#A"), Priority.LOW).queued()).isFalse();
      assertThat(rig.waiting()).isEqualTo(1);
    }

    @Test
    void isMissingIfTheSourceDoesNotHaveIt() {
      source.behaviour =
          key ->
              new Fetched.Missing(
                  key,
                  "there is none",
                  Rig.CLOCK.instant(),
                  Rig.CLOCK.instant().plus(Duration.ofDays(1)));
      rig.queue.add(List.of(Rig.request("#A")));
      rig.drained(source);

      Answered answered = refreshes.read(Rig.key("#A"), Priority.CRITICAL);

      assertThat(answered).isInstanceOf(Answered.Missing.class);
      assertThat(((Answered.Missing) answered).reason()).isEqualTo("there is none");
      assertThat(answered.queued()).isFalse();
    }
  }

  @Nested
  class Health {

    @Test
    void tellsWhatWaitsAndWhatTheLastDrainDid() {
      source.behaviour = key -> new Fetched.Failed(key, "answered 500");
      rig.queue.add(List.of(Rig.request("#A")));
      rig.drained(source);
      refreshes.request(List.of(wish("#B")));

      RefreshHealth health = refreshes.health(TestSource.NAME);

      assertThat(health.isHealthy()).isTrue();
      assertThat(health.queue())
          .satisfies(queue -> {
            assertThat(queue.size()).isEqualTo(1);
            assertThat(queue.oldest()).containsOnlyKeys(Priority.MEDIUM);
          });
      assertThat(health.tempo())
          .satisfies(tempo -> {
            assertThat(tempo.limit()).isEqualTo(200);
            assertThat(tempo.pauseReason()).isNull();
          });
      assertThat(health.failuresLastDay()).isEqualTo(1);
      assertThat(health.lastDrain())
          .satisfies(last -> {
            assertThat(last.ended()).isEqualTo(Ended.EMPTY);
            assertThat(last.failed()).isEqualTo(1);
          });
    }

    @Test
    void ofASourceThatWasNeverDrainedIsGood() {
      RefreshHealth health = refreshes.health(TestSource.NAME);
      assertThat(health.isHealthy()).isTrue();
      assertThat(health.lastDrain()).isNull();
    }
  }

  private static Wish wish(String tag) {
    return new Wish(null, "clan", tag, null, null);
  }
}
