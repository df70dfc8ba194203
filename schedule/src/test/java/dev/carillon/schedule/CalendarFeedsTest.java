package dev.carillon.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.memory.SettableClock;
import dev.carillon.postgres.Database;
import dev.carillon.schedule.CalendarFeeds.Claim;
import dev.carillon.schedule.Calendars.Calendar;
import dev.carillon.schedule.Calendars.Feed;
import dev.carillon.schedule.Calendars.Listed;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CalendarFeedsTest {

  private static final Instant START = Instant.parse("2026-03-10T12:00:00Z");
  private static final LocalDate CHRISTMAS = LocalDate.parse("2026-12-25");
  private static final LocalDate EASTER = LocalDate.parse("2027-03-28");
  private static final String URL = "https://example.org/holidays.ics";

  private final Database database = TestDatabases.migrated();
  private final SettableClock clock = new SettableClock(START);
  private final AtomicInteger changes = new AtomicInteger();
  private final Calendars calendars = new Calendars(database.jdbi(), clock, () -> {});
  private final CalendarFeeds feeds =
      new CalendarFeeds(database.jdbi(), clock, changes::incrementAndGet);

  @AfterEach
  void close() {
    database.close();
  }

  private void put() {
    calendars.putFetched("holidays", Set.of(CHRISTMAS), "url", URL);
  }

  private Calendar found() {
    return calendars.find("holidays").orElseThrow();
  }

  @Test
  void aCalendarIsDueADayAfterItWasPutAndOnlyOnceAtATime() {
    Calendar made = calendars.putFetched("holidays", Set.of(CHRISTMAS), "url", URL);
    calendars.put("given", Set.of(EASTER), null);
    assertThat(found()).isEqualTo(made);
    assertThat(made.feed()).isEqualTo(new Feed(URL, START, null));

    clock.advance(CalendarFeeds.EVERY.minusMillis(1));
    assertThat(feeds.claimDue()).isEmpty();
    clock.advance(Duration.ofMillis(1));
    assertThat(feeds.claimDue().map(Claim::url)).hasValue(URL);
    assertThat(feeds.claimDue()).isEmpty();
  }

  @Test
  void aClaimThatIsNotKeptIsTakenOverAndTheOldOneStoresNothing() {
    put();
    clock.advance(CalendarFeeds.EVERY);
    Claim lost = feeds.claimDue().orElseThrow();
    clock.advance(CalendarFeeds.CLAIM);
    Claim next = feeds.claimDue().orElseThrow();

    assertThat(feeds.fetched(lost, Set.of())).isFalse();
    feeds.failed(lost, "too late");
    assertThat(found().dates()).containsExactly(CHRISTMAS);
    assertThat(feeds.fetched(next, Set.of(EASTER))).isTrue();
    assertThat(found().dates()).containsExactly(EASTER);
    assertThat(found().feed()).isEqualTo(new Feed(URL, clock.instant(), null));
  }

  @Test
  void whatIsPutMeanwhileStays() {
    put();
    Claim claim = feeds.claim("holidays").orElseThrow();
    clock.advance(Duration.ofSeconds(1));
    calendars.put("holidays", Set.of(EASTER), null);

    assertThat(feeds.fetched(claim, Set.of())).isFalse();
    assertThat(found().dates()).containsExactly(EASTER);
    assertThat(found().feed()).isNull();
    assertThat(feeds.claim("holidays")).isEmpty();
    assertThat(feeds.claim("unknown")).isEmpty();
  }

  @Test
  void onlyOtherDatesAreAChange() {
    put();
    clock.advance(Duration.ofSeconds(1));
    feeds.fetched(feeds.claim("holidays").orElseThrow(), Set.of(CHRISTMAS));
    assertThat(changes).hasValue(0);
    assertThat(found().updatedAt()).isEqualTo(START);

    feeds.fetched(feeds.claim("holidays").orElseThrow(), Set.of(EASTER));
    assertThat(changes).hasValue(1);
    assertThat(found().updatedAt()).isEqualTo(clock.instant());
  }

  @Test
  void aFailureKeepsTheDatesIsToldAndIsTriedAgainSooner() {
    put();
    clock.advance(CalendarFeeds.EVERY);
    feeds.failed(feeds.claimDue().orElseThrow(), "x".repeat(1000));

    assertThat(found().dates()).containsExactly(CHRISTMAS);
    assertThat(found().feed()).isEqualTo(new Feed(URL, START, "x".repeat(500)));
    clock.advance(CalendarFeeds.RETRY_AFTER);
    Claim again = feeds.claimDue().orElseThrow();
    feeds.fetched(again, Set.of(CHRISTMAS));
    assertThat(found().feed()).isEqualTo(new Feed(URL, clock.instant(), null));
  }

  @Test
  void theOneThatWaitedLongestComesFirstAndWhatAnotherHoldsIsSkipped() {
    put();
    clock.advance(Duration.ofHours(1));
    calendars.putFetched("later", Set.of(), "url", URL);
    clock.advance(CalendarFeeds.EVERY);

    try (Handle other = database.jdbi().open()) {
      other.begin();
      other.execute("SELECT FROM calendar WHERE name = 'holidays' FOR UPDATE");
      assertThat(feeds.claimDue().map(Claim::name)).hasValue("later");
      other.rollback();
    }
    assertThat(List.of(feeds.claimDue().map(Claim::name), feeds.claimDue().map(Claim::name)))
        .containsExactly(Optional.of("holidays"), Optional.empty());
  }

  @Test
  void aListTellsHowManyDatesEachHas() {
    put();
    calendars.put("given", Set.of(EASTER, CHRISTMAS), null);

    assertThat(calendars.list(null, 10))
        .containsExactly(
            new Listed("given", 2, null, START, null),
            new Listed("holidays", 1, "url", START, new Feed(URL, START, null)));
    assertThat(calendars.list("given", 10)).extracting(Listed::name).containsExactly("holidays");
  }
}
