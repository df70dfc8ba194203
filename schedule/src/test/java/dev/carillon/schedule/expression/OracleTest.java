package dev.carillon.schedule.expression;

import static dev.carillon.schedule.expression.Expressions.ZONES;
import static dev.carillon.schedule.expression.Expressions.expression;
import static dev.carillon.schedule.expression.Expressions.instants;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.time.GapPolicy;
import dev.carillon.time.LocalTimes;
import dev.carillon.time.OverlapPolicy;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The evaluator against brute force: minute by minute around every change of every zone's clocks
 * from 2024 to 2037, and day by day from 1970 to 2199.
 *
 * <p>Its random expressions are bounded so that it takes some ten seconds. For a longer run, with
 * so many expressions around each change, and others than usual:
 *
 * <pre>./mvnw -pl schedule -am test -Dtest=OracleTest -Dsurefire.failIfNoSpecifiedTests=false
 *     -Dcarillon.oracle.expressions=100 -Dcarillon.oracle.seed=7</pre>
 */
class OracleTest {

  private static final Instant FIRST = Instant.parse("2024-01-01T00:00:00Z");
  private static final Instant END = Instant.parse("2038-01-01T00:00:00Z");
  private static final int EXPRESSIONS_PER_CHANGE =
      Integer.getInteger("carillon.oracle.expressions", 1);
  private static final int SEED = Integer.getInteger("carillon.oracle.seed", 0);
  private static final int MANY = 1_000_000;

  private final List<String> wrong = new ArrayList<>();
  private int firings;

  @Test
  void agreesAroundEveryChangeOfEveryZonesClocksWithEveryPolicy() {
    RandomCron random = new RandomCron(20_241 + SEED);
    List<ZoneId> zones = zonesWithChanges();
    int changes = 0;
    for (ZoneId zone : zones) {
      for (ZoneOffsetTransition change : changes(zone.getRules())) {
        changes++;
        around(zone, change, random);
      }
    }

    assertThat(wrong).isEmpty();
    // The sweep must have met what it is for.
    assertThat(changes).isGreaterThan(1_000);
    assertThat(firings).isGreaterThan(500_000);
  }

  @Test
  void agreesOnTheDaysThatZonesSkippedOrRepeated() {
    RandomCron random = new RandomCron(2_011 + SEED);
    for (String[] skipped :
        List.of(
            new String[] {"Pacific/Apia", "2011-12-30T10:00:00Z"},
            new String[] {"Pacific/Fakaofo", "2011-12-30T11:00:00Z"},
            new String[] {"Pacific/Kwajalein", "1993-08-21T12:00:00Z"},
            new String[] {"Pacific/Kiritimati", "1994-12-31T10:40:00Z"})) {
      ZoneId zone = ZoneId.of(skipped[0]);
      Instant near = Instant.parse(skipped[1]).minus(Duration.ofHours(3));
      ZoneOffsetTransition change = zone.getRules().nextTransition(near);
      assertThat(change.getDuration()).isGreaterThan(Duration.ofHours(20));
      around(zone, change, random);
    }

    assertThat(wrong).isEmpty();
    assertThat(firings).isGreaterThan(1_000);
  }

  @Test
  void agreesWithDaysWalkedOneByOneOnAnyExpression() {
    RandomCron texts = new RandomCron(1_970 + SEED);
    Random random = new Random(2_199 + SEED);
    int found = 0;
    for (int i = 0; i < 4_000; i++) {
      String text = texts.any();
      LocalDate from = LocalDate.of(1968, 1, 1).plusDays(random.nextInt(85_000));
      LocalDateTime after = from.atTime(random.nextInt(24), random.nextInt(60));
      LocalDateTime expected = walked(new NaiveCron(text), after);
      long actual = ((CronExpression) expression(text)).ceiling(seconds(after));
      found += expected == null ? 0 : 1;
      assertThat(actual)
          .as("%s from %s: %s", text, after, expected)
          .isEqualTo(expected == null ? LocalTimes.NONE : seconds(expected));
    }
    assertThat(found).isBetween(2_000, 3_990);
  }

  @Test
  void anyExpressionIsEvaluatedInAnyZoneAndYearWithoutAnException() {
    RandomCron texts = new RandomCron(2_200 + SEED);
    int found = 0;
    for (ZoneId zone : zones()) {
      Expression any = expression(texts.any());
      for (int year = 1969; year <= 2200; year++) {
        Context context = Context.of(any, ZONES, zone);
        for (GapPolicy gap : GapPolicy.values()) {
          Instant after = LocalDate.of(year, 6, 30).atStartOfDay().toInstant(ZoneOffset.UTC);
          Firing next = any.next(context.with(gap, OverlapPolicy.BOTH), after);
          if (next instanceof Firing.At(var occurrence)) {
            found++;
            assertThat(occurrence.instant()).as(any.text()).isAfter(after);
            assertThat(occurrence.local().getYear()).as(any.text()).isBetween(1970, 2199);
          }
        }
      }
    }
    assertThat(found).isGreaterThan(50_000);
  }

  private void around(ZoneId zone, ZoneOffsetTransition change, RandomCron random) {
    Duration reach = change.getDuration().abs().plusHours(2);
    Instant from = change.getInstant().minus(reach);
    Instant until = change.getInstant().plus(reach);
    // The walk sees more than is compared: what is shown twice, and moved times, from its edges.
    MinuteWalk walk = new MinuteWalk(zone.getRules(), from.minus(reach), until.plus(reach));
    for (int i = 0; i < EXPRESSIONS_PER_CHANGE; i++) {
      for (Case one : cases(zone, change, random)) {
        around(one, walk, from, until);
      }
    }
  }

  /**
   * A rule, and the oracle's reading of it.
   *
   * @param context where it is evaluated
   * @param matches whether it has a local time
   */
  private record Case(Expression expression, Context context, Predicate<LocalDateTime> matches) {}

  private static List<Case> cases(ZoneId zone, ZoneOffsetTransition change, RandomCron random) {
    String frequent = random.frequent();
    NaiveCron naive = new NaiveCron(frequent);
    Expression cron = expression(frequent);
    LocalDate day = change.getDateTimeBefore().toLocalDate();
    LocalTime time = random.near(change);
    Expression yearly =
        expression(
            "yearly(%02d-%02d %s)".formatted(day.getMonthValue(), day.getDayOfMonth(), time));
    Expression rrule =
        expression(
            "rrule(FREQ=DAILY;BYHOUR=%d,%d;BYMINUTE=%d,59;BYSECOND=0)"
                .formatted(time.getHour(), (time.getHour() + 1) % 24, time.getMinute()));
    Context plain = Context.of(cron, ZONES, zone);
    return List.of(
        new Case(cron, plain, naive::matches),
        new Case(
            cron,
            plain.without(Set.of(day)),
            at -> naive.matches(at) && !at.toLocalDate().equals(day)),
        new Case(
            yearly,
            plain,
            at -> MonthDay.from(at).equals(MonthDay.from(day)) && at.toLocalTime().equals(time)),
        new Case(
            rrule,
            plain.countedFrom(day.minusDays(9).atStartOfDay()),
            at ->
                (at.getHour() == time.getHour() || at.getHour() == (time.getHour() + 1) % 24)
                    && (at.getMinute() == time.getMinute() || at.getMinute() == 59)));
  }

  private void around(Case one, MinuteWalk walk, Instant from, Instant until) {
    for (GapPolicy gap : GapPolicy.values()) {
      for (OverlapPolicy overlap : OverlapPolicy.values()) {
        Context context = one.context().with(gap, overlap).endingAt(until);
        List<Instant> expected =
            walk.firings(one.matches(), gap, overlap).stream()
                .filter(instant -> instant.isAfter(from) && !instant.isAfter(until))
                .toList();
        compare(
            one.expression().text(),
            context,
            expected,
            instants(one.expression(), context, from, MANY));
      }
    }
  }

  private void compare(String text, Context context, List<Instant> expected, List<Instant> actual) {
    firings += actual.size();
    if (!actual.equals(expected) && wrong.size() < 10) {
      wrong.add(
          "%s %s %s/%s: %s, not %s"
              .formatted(
                  text,
                  context.zone(),
                  context.clock().gap(),
                  context.clock().overlap(),
                  actual,
                  expected));
    }
  }

  /** Zones with the same rules are one. */
  private static List<ZoneId> zones() {
    Map<ZoneRules, List<ZoneId>> byRules =
        new TreeSet<>(ZoneId.getAvailableZoneIds())
            .stream()
                // Not IANA's: the calendar library of other tests registers zones of its own.
                .filter(id -> !id.startsWith("ical4j"))
                .map(ZoneId::of)
                .collect(Collectors.groupingBy(ZoneId::getRules));
    return byRules.values().stream()
        .map(List::getFirst)
        .sorted(Comparator.comparing(ZoneId::getId))
        .toList();
  }

  private static List<ZoneId> zonesWithChanges() {
    return zones().stream().filter(zone -> !changes(zone.getRules()).isEmpty()).toList();
  }

  private static List<ZoneOffsetTransition> changes(ZoneRules rules) {
    List<ZoneOffsetTransition> changes = new ArrayList<>();
    ZoneOffsetTransition next = rules.nextTransition(FIRST);
    while (next != null && next.getInstant().isBefore(END)) {
      changes.add(next);
      next = rules.nextTransition(next.getInstant());
    }
    return changes;
  }

  private static @Nullable LocalDateTime walked(NaiveCron cron, LocalDateTime from) {
    for (LocalDate day = from.toLocalDate(); day.getYear() < 2201; day = day.plusDays(1)) {
      if (!cron.matches(day)) {
        continue;
      }
      for (int minute = 0; minute < 1_440; minute++) {
        LocalDateTime at = day.atStartOfDay().plusMinutes(minute);
        if (!at.isBefore(from) && cron.matches(at)) {
          return at;
        }
      }
    }
    return null;
  }

  private static long seconds(LocalDateTime local) {
    return local.toEpochSecond(ZoneOffset.UTC);
  }
}
