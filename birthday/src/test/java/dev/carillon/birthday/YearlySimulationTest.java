package dev.carillon.birthday;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.event.Event;
import dev.carillon.event.EventStatus;
import dev.carillon.time.LeapDayPolicy;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Lives of users, drawn at random: they are born again, move, choose other times and fly over the
 * date line while events fire, fail, are retried and wait through long outages. Each local year has
 * at most one event that ended, and no year whose date came is lost.
 *
 * <p>A failure names its seed: {@code -Dsimulation.seed=N} runs that one life.
 */
class YearlySimulationTest {

  private static final int LIVES = 400;
  private static final int STEPS = 150;
  private static final List<ZoneId> ZONES =
      new TreeSet<>(ZoneId.getAvailableZoneIds()).stream().map(ZoneId::of).toList();
  private static final List<ZoneId> DATE_LINE =
      List.of(
          ZoneId.of("Pacific/Kiritimati"),
          ZoneId.of("Pacific/Pago_Pago"),
          ZoneId.of("Pacific/Auckland"),
          ZoneId.of("Pacific/Honolulu"),
          ZoneId.of("Pacific/Apia"));

  @Test
  void everyLocalYearHasItsEventExactlyOnce() {
    Long only = Long.getLong("simulation.seed");
    long first = only == null ? new Random().nextLong() : only;
    System.out.println("simulation.seed=" + first);
    int ended = 0;
    for (int i = 0; i < (only == null ? LIVES : 1); i++) {
      ended += new Life(first + i).run();
    }

    assertThat(ended).as("events that ended").isPositive();
  }

  /** An event in the simulated store. */
  private static final class Row {
    private Event event;
    private EventStatus status = EventStatus.PENDING;
    private Instant due;
    private int attempts;

    Row(Event event) {
      this.event = event;
      this.due = event.at().instant();
    }

    int year() {
      return YearlyEventType.year(event);
    }

    boolean isLive() {
      return !status.isFinal();
    }
  }

  /** One user's life, with a store of rows and an engine that claims and settles them. */
  private static final class Life {

    private final long seed;
    private final Random random;
    private final Map<UUID, Row> rows = new TreeMap<>();
    private User user;
    private Instant now = Instant.parse("2024-01-01T00:00:00Z");
    private Instant stableSince;

    /** Years up to this one were over, or given up, when we were told of the present birthday. */
    private int givenUp;

    Life(long seed) {
      this.seed = seed;
      this.random = new Random(seed);
      this.now = now.plus(Duration.ofHours(random.nextInt(24 * 366)));
      this.user = People.ada(anyDetails());
      this.stableSince = now;
      replan();
      startOver(true);
    }

    int run() {
      for (int step = 0; step < STEPS; step++) {
        act();
        checkRows();
      }
      settle(true);
      while (!earliest().due.isAfter(now)) {
        claim();
        settle(true);
      }
      checkNoYearLost();
      assertThat(latest().due).as(about("drained")).isAfter(now);
      return (int) rows.values().stream().filter(row -> !row.isLive()).count();
    }

    private void act() {
      switch (random.nextInt(12)) {
        case 0, 1 -> now = now.plus(Duration.ofMinutes(random.nextInt(60 * 24 * 200)));
        case 2 -> now = now.plus(Duration.ofMinutes(random.nextInt(60 * 30)));
        case 3 -> waitForTheNext();
        case 4, 5, 6 -> claim();
        case 7, 8, 9 -> settle(false);
        default -> changeUser();
      }
    }

    /** Goes to within a day of the next event: the hours in which most can go wrong. */
    private void waitForTheNext() {
      Instant close = earliest().due.plus(Duration.ofMinutes(random.nextInt(2_880) - 1_440));
      now = close.isAfter(now) ? close : now;
    }

    private void claim() {
      Row row = earliest();
      if (inFlight() == null && !row.due.isAfter(now)) {
        row.status = EventStatus.PROCESSING;
        row.attempts++;
      }
    }

    private void settle(boolean forGood) {
      Row row = inFlight();
      if (row == null) {
        return;
      }
      int outcome = random.nextInt(10);
      if (!forGood && outcome < 3) {
        row.status = EventStatus.PENDING;
        row.due = now.plus(Duration.ofMinutes(random.nextInt(600)));
        return;
      }
      row.status = outcome < 4 ? EventStatus.FAILED : EventStatus.COMPLETED;
      // Only the latest event is followed by another: the store must see to it.
      if (rows.values().stream().noneMatch(other -> other.year() > row.year())) {
        Event next = People.BIRTHDAY.next(row.event).orElseThrow();
        rows.put(next.id(), new Row(next));
      }
    }

    private void changeUser() {
      checkNoYearLost();
      UserDetails before = user.details();
      user = People.ada(change(before));
      boolean sameDay = sameDay(before, user.details());
      boolean sameDates = sameDay && before.leapDayPolicy() == user.details().leapDayPolicy();
      int year = latest().year();
      boolean moved = replan();
      if (sameDates) {
        int bornIn = user.details().dateOfBirth().getYear();
        assertThat(latest().year())
            .as(about("a moved event keeps its year, an added one is of a later"))
            .isGreaterThanOrEqualTo(moved ? year : year + 1)
            .isLessThanOrEqualTo(Math.max(moved ? year : year + 8, bornIn));
      } else {
        startOver(!sameDay || before.leapDayPolicy() == LeapDayPolicy.LEAP_ONLY);
      }
      stableSince = now;
    }

    /** Returns whether an event was moved, not added. */
    private boolean replan() {
      Standing standing = standing();
      return switch (standing.changed(People.BIRTHDAY, user, now)) {
        case Standing.Added added -> {
          rows.put(added.event().id(), new Row(added.event()));
          yield false;
        }
        case Standing.Moved moved -> {
          Row row = requireNonNull(rows.get(moved.event().id()));
          row.event = moved.event();
          row.due = moved.event().at().instant();
          yield true;
        }
      };
    }

    private Standing standing() {
      if (rows.isEmpty()) {
        return Standing.NONE;
      }
      Row latest = latest();
      boolean begun = latest.attempts > 0;
      return new Standing(latest.event, begun, usedBefore(latest));
    }

    private void startOver(boolean fromNow) {
      if (fromNow) {
        checkNothingWasPassedOver();
      }
      givenUp = latest().year() - 1;
    }

    private void checkNothingWasPassedOver() {
      int first = Math.max(usedBefore(latest()) + 1, now.atZone(zone()).getYear() - 1);
      for (int year = first; year < latest().year(); year++) {
        Instant comes = oracle(year);
        if (comes != null) {
          assertThat(comes).as(about("passed over " + year)).isBeforeOrEqualTo(now);
        }
      }
    }

    private void checkRows() {
      assertThat(keys()).as(about("keys")).doesNotHaveDuplicates();
      assertThat(latest().isLive()).as(about("the chain goes on")).isTrue();
      assertThat(rows.values().stream().filter(row -> row.isLive() && row.attempts == 0))
          .as(about("events that were not begun"))
          .hasSizeLessThanOrEqualTo(1);
    }

    /** Each year whose date came since the user last changed has ended, or is on its way. */
    private void checkNoYearLost() {
      List<Integer> years = rows.values().stream().map(Row::year).toList();
      int latest = latest().year();
      for (int year = givenUp + 1; year <= now.atZone(zone()).getYear() + 1; year++) {
        Instant comes = oracle(year);
        if (comes != null && comes.isAfter(stableSince) && !comes.isAfter(now) && year < latest) {
          assertThat(years).as(about("lost " + year)).contains(year);
        }
      }
    }

    private @Nullable Instant oracle(int year) {
      UserDetails details = user.details();
      LocalTime time = details.deliveryTime();
      LocalTime at = time == null ? LocalTime.of(9, 0) : time;
      return year < details.dateOfBirth().getYear()
          ? null
          : WallClockOracle.birthday(details.dateOfBirth(), details.leapDayPolicy(), year)
              .map(date -> WallClockOracle.keeping(date.atTime(at), zone()))
              .orElse(null);
    }

    private UserDetails change(UserDetails details) {
      return switch (random.nextInt(6)) {
        case 0 -> anyDetails();
        case 1 -> People.at(details, anyTime());
        case 2 -> People.keeping(details, any(List.of(LeapDayPolicy.values())));
        case 3 -> People.named(details, "Ada", "King");
        case 4 -> People.in(details, any(ZONES).getId());
        default -> People.in(details, any(DATE_LINE).getId());
      };
    }

    private UserDetails anyDetails() {
      LocalDate born =
          random.nextInt(3) == 0
              ? LocalDate.of(1996, 2, 29)
              : LocalDate.of(1990, 1, 1).plusDays(random.nextInt(12_000));
      UserDetails details = People.born(born.toString(), any(ZONES).getId());
      return People.keeping(People.at(details, anyTime()), any(List.of(LeapDayPolicy.values())));
    }

    private @Nullable LocalTime anyTime() {
      return random.nextBoolean() ? null : LocalTime.of(random.nextInt(24), random.nextInt(60));
    }

    private <T> T any(List<T> list) {
      return list.get(random.nextInt(list.size()));
    }

    private static boolean sameDay(UserDetails a, UserDetails b) {
      return a.dateOfBirth().getDayOfMonth() == b.dateOfBirth().getDayOfMonth()
          && a.dateOfBirth().getMonth() == b.dateOfBirth().getMonth();
    }

    private ZoneId zone() {
      return user.details().timeZone();
    }

    private Row latest() {
      return rows.values().stream().max(Comparator.comparingInt(Row::year)).orElseThrow();
    }

    /** The latest year of all rows but one. */
    private int usedBefore(Row one) {
      return rows.values().stream()
          .filter(row -> row != one)
          .mapToInt(Row::year)
          .max()
          .orElse(UserEventType.NO_YEAR);
    }

    private Row earliest() {
      return rows.values().stream()
          .filter(Row::isLive)
          .min(
              Comparator.comparing((Row row) -> row.status != EventStatus.PENDING)
                  .thenComparing(row -> row.due))
          .orElseThrow();
    }

    private @Nullable Row inFlight() {
      return rows.values().stream()
          .filter(row -> row.status == EventStatus.PROCESSING)
          .findFirst()
          .orElse(null);
    }

    private List<String> keys() {
      List<String> keys = new ArrayList<>();
      rows.values().forEach(row -> keys.add(row.event.idempotencyKey()));
      return keys;
    }

    private String about(String what) {
      return "%s: simulation.seed=%d at %s, %s".formatted(what, seed, now, user.details());
    }
  }
}
