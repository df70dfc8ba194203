package dev.carillon.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.event.Event;
import dev.carillon.event.EventIds;
import dev.carillon.postgres.AttemptLog.Entry;
import dev.carillon.postgres.AttemptLog.Result;
import dev.carillon.store.Claim;
import dev.carillon.store.ProcessId;
import dev.carillon.store.Transition;
import dev.carillon.target.Receipt;
import dev.carillon.testkit.Events;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AttemptLogTest {

  private static final Instant NOW = Instant.parse("2026-06-01T09:00:00Z");
  private static final Duration LEASE = Duration.ofMinutes(5);

  private final UUID lane = new EventIds(InstantSource.fixed(NOW)).next();
  private final Database database = TestDatabases.migrated(TestDatabases.newestServer());
  private final PostgresEventStore store = new PostgresEventStore(database.jdbi());
  private final AttemptLog log = new AttemptLog(database.jdbi());
  private final EventOperations operations = new EventOperations(database.jdbi());
  private final ProcessId process = store.join("log", LEASE);

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void anAttemptIsLoggedWithWhatTheTargetTells() {
    Claim claim = claimed(1).getFirst();

    settle(new Transition.Retried(claim, NOW, "HTTP 503", NOW, true, receipt("{\"status\":503}")));

    assertThat(log.ofEvent(claim.event().id()))
        .singleElement()
        .satisfies(entry -> {
          assertThat(entry.result()).isEqualTo(Result.RETRIED);
          assertThat(entry.reason()).isEqualTo("HTTP 503");
          assertThat(entry.number()).isEqualTo(1);
          assertThat(entry.lane()).isEqualTo(lane);
          assertThat(entry.startedAt()).isEqualTo(NOW.minusMillis(5));
          assertThat(entry.endedAt()).isEqualTo(NOW);
          assertThat(entry.details()).isEqualToIgnoringWhitespace("{\"status\":503}");
        });
  }

  @Test
  void whatSaysNothingIsNotLogged() {
    Claim claim = claimed(1).getFirst();

    settle(new Transition.Completed(claim, NOW, Optional.empty()));

    assertThat(log.ofEvent(claim.event().id())).isEmpty();
  }

  @Test
  void anAttemptWhoseClaimWasLostWasMadeAndIsLogged() {
    Claim claim = claimed(1).getFirst();
    store.leave(process, NOW);

    settle(new Transition.Completed(claim, NOW, Optional.empty(), receipt("{}")));

    assertThat(log.ofEvent(claim.event().id()))
        .extracting(Entry::result)
        .containsExactly(Result.COMPLETED);
    assertThat(operations.find(claim.event().id()).orElseThrow().executedAt()).isNull();
  }

  @Test
  void whatIsSettledTwiceIsLoggedOnce() {
    Claim claim = claimed(1).getFirst();
    Transition done = new Transition.Completed(claim, NOW, Optional.empty(), receipt("{}"));

    settle(done);
    settle(done);

    assertThat(log.ofEvent(claim.event().id())).hasSize(1);
  }

  @Test
  void aLaneIsReadInPagesTheLatestFirstWithoutGapsWhereTimesAreEqual() {
    List<Claim> claims = claimed(7);
    claims.forEach(
        claim -> settle(new Transition.Completed(claim, NOW, Optional.empty(), receipt("{}"))));

    List<UUID> read = new ArrayList<>();
    AttemptLog.Cursor cursor = null;
    List<Entry> page = log.inLane(lane, null, null, 3);
    while (!page.isEmpty()) {
      page.forEach(entry -> read.add(entry.event()));
      cursor = new AttemptLog.Cursor(page.getLast().endedAt(), page.getLast().event());
      page = log.inLane(lane, null, cursor, 3);
    }

    assertThat(read).hasSize(7).doesNotHaveDuplicates();
    assertThat(log.inLane(UUID.randomUUID(), null, null, 3)).isEmpty();
    assertThat(log.inLane(lane, Result.FAILED, null, 3)).isEmpty();
  }

  @Test
  void theDeadLettersOfALaneAreRedrivenOnceHoweverOftenItIsAsked() {
    List<Claim> claims = claimed(3);
    claims.forEach(claim ->
        settle(new Transition.Failed(claim, NOW, "HTTP 410", Optional.empty(), receipt("{}"))));
    Claim elsewhere = claimed(1).getFirst();
    settle(
        new Transition.Failed(
            elsewhere,
            NOW,
            "HTTP 410",
            Optional.empty(),
            new Receipt(UUID.randomUUID(), NOW, "{}")));

    Instant later = NOW.plusSeconds(2);

    assertThat(operations.redriveLane(lane, NOW.plusSeconds(1), later)).isZero();
    assertThat(operations.redriveLane(lane, NOW, NOW)).as("died at this moment").isZero();
    assertThat(operations.redriveLane(lane, NOW, later)).isEqualTo(3);
    assertThat(operations.redriveLane(lane, NOW, later)).isZero();
    assertThat(store.exchange(process, List.of(), 10, later).claims()).hasSize(3);
  }

  @Test
  void heldEventsAreCountedByLaneAndShownWithTheirReason() {
    HeldEvents held = new HeldEvents(database.jdbi());
    List<Claim> claims = claimed(3);
    claims.forEach(claim -> settle(new Transition.Held(claim, NOW, "it is disabled", lane)));

    assertThat(held.lanes()).containsExactly(lane);
    assertThat(held.count(lane)).isEqualTo(3);
    assertThat(operations.find(claims.getFirst().event().id()).orElseThrow())
        .satisfies(found -> {
          assertThat(found.failureReason()).isEqualTo("it is disabled");
          assertThat(found.nextAttemptAt()).isNull();
        });
    assertThat(operations.lag(NOW.plusSeconds(60))).isZero();
  }

  @Test
  void aLaneThatItsOwnerReleasesIsNoneThatATargetClaimsFrom() {
    HeldEvents held = new HeldEvents(database.jdbi());
    UUID first = UUID.fromString("f0000000-0000-0000-0000-000000000000");
    UUID last = new UUID(-1, -1);
    for (UUID where : List.of(first, lane, last)) {
      settle(new Transition.Held(claimed(1).getFirst(), NOW, "it waits", where));
    }

    assertThat(held.lanes()).containsExactly(lane);
    assertThat(held.count(first)).isEqualTo(1);
    assertThat(held.count(last)).isEqualTo(1);
  }

  @Test
  void aHeldEventCanBeCancelledAndTriedAtOnce() {
    List<Claim> claims = claimed(2);
    claims.forEach(claim -> settle(new Transition.Held(claim, NOW, "it is disabled", lane)));

    UUID cancelled = claims.getFirst().event().id();
    UUID tried = claims.getLast().event().id();
    assertThat(operations.cancel(cancelled, "by hand", _ -> Optional.empty()))
        .isEqualTo(EventOperations.Change.DONE);
    assertThat(operations.retry(tried, NOW)).isEqualTo(EventOperations.Change.DONE);

    assertThat(store.exchange(process, List.of(), 10, NOW).claims())
        .extracting(claim -> claim.event().id())
        .containsExactly(tried);
  }

  private List<Claim> claimed(int count) {
    List<Event> events = Events.manyDueAt(NOW, count);
    store.plan(events);
    return store.exchange(process, List.of(), count, NOW).claims();
  }

  private void settle(Transition transition) {
    store.exchange(process, List.of(transition), 0, NOW);
  }

  private Receipt receipt(String details) {
    return new Receipt(lane, NOW.minusMillis(5), details);
  }
}
