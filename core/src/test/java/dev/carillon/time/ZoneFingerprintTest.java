package dev.carillon.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneOffsetTransitionRule;
import java.time.zone.ZoneOffsetTransitionRule.TimeDefinition;
import java.time.zone.ZoneRules;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two hand-made rule sets: a zone that changes its clocks for ever, and one that stops. */
class ZoneFingerprintTest {

  private static final ZoneOffset STANDARD = ZoneOffset.ofHours(-8);
  private static final ZoneOffset SUMMER = ZoneOffset.ofHours(-7);
  private static final Instant FROM = Instant.parse("2026-01-15T00:00:00Z");
  private static final ZoneOffsetTransition SPRING_2026 =
      ZoneOffsetTransition.of(LocalDateTime.parse("2026-03-08T02:00"), STANDARD, SUMMER);
  private static final ZoneOffsetTransition AUTUMN_2025 =
      ZoneOffsetTransition.of(LocalDateTime.parse("2025-11-02T02:00"), SUMMER, STANDARD);
  private static final ZoneOffsetTransition SPRING_2025 =
      ZoneOffsetTransition.of(LocalDateTime.parse("2025-03-09T02:00"), STANDARD, SUMMER);

  private static final ZoneRules CHANGES_FOR_EVER =
      rules(List.of(SPRING_2026), rule(Month.MARCH, 8), rule(Month.NOVEMBER, 1));
  private static final ZoneRules STOPS_IN_SUMMER = rules(List.of(SPRING_2026));

  @Test
  void equalRulesHaveEqualFingerprints() {
    ZoneRules same = rules(List.of(SPRING_2026), rule(Month.MARCH, 8), rule(Month.NOVEMBER, 1));

    assertThat(ZoneFingerprint.of(same, FROM))
        .isEqualTo(ZoneFingerprint.of(CHANGES_FOR_EVER, FROM))
        .matches("[0-9a-f]{16}");
  }

  @Test
  void aChangeToTheFutureIsSeen() {
    assertThat(ZoneFingerprint.of(STOPS_IN_SUMMER, FROM))
        .isNotEqualTo(ZoneFingerprint.of(CHANGES_FOR_EVER, FROM));
  }

  @Test
  void anotherInstantOrOffsetOfATransitionIsSeen() {
    ZoneRules laterDay =
        rules(
            List.of(
                ZoneOffsetTransition.of(
                    LocalDateTime.parse("2026-03-15T02:00"), STANDARD, SUMMER)));
    ZoneRules halfHour =
        rules(
            List.of(
                ZoneOffsetTransition.of(
                    LocalDateTime.parse("2026-03-08T02:00"),
                    STANDARD,
                    ZoneOffset.ofHoursMinutes(-7, -30))));

    assertThat(
            List.of(
                ZoneFingerprint.of(STOPS_IN_SUMMER, FROM),
                ZoneFingerprint.of(laterDay, FROM),
                ZoneFingerprint.of(halfHour, FROM)))
        .doesNotHaveDuplicates();
  }

  @Test
  void aCorrectionOfThePastIsNotSeen() {
    ZoneRules pastCorrected = rules(List.of(SPRING_2025, AUTUMN_2025, SPRING_2026));
    ZoneRules pastAsItWas = rules(List.of(SPRING_2026));

    assertThat(ZoneFingerprint.of(pastCorrected, FROM))
        .isEqualTo(ZoneFingerprint.of(pastAsItWas, FROM));
  }

  @Test
  void aZoneThatIsOffByAnHourWithoutAnyTransitionIsSeen() {
    assertThat(ZoneFingerprint.of(ZoneRules.of(STANDARD), FROM))
        .isNotEqualTo(ZoneFingerprint.of(ZoneRules.of(SUMMER), FROM));
  }

  @Test
  void anAliasHasTheFingerprintOfItsZone() {
    ZoneRules pacific = ZoneId.of("US/Pacific").getRules();
    ZoneRules losAngeles = ZoneId.of("America/Los_Angeles").getRules();
    ZoneRules phoenix = ZoneId.of("America/Phoenix").getRules();

    assertThat(ZoneFingerprint.of(pacific, FROM))
        .isEqualTo(ZoneFingerprint.of(losAngeles, FROM))
        .isNotEqualTo(ZoneFingerprint.of(phoenix, FROM));
  }

  private static ZoneRules rules(
      List<ZoneOffsetTransition> transitions, ZoneOffsetTransitionRule... lastRules) {
    return ZoneRules.of(STANDARD, STANDARD, List.of(), transitions, Arrays.asList(lastRules));
  }

  /** 02:00 on the first Sunday on or after a day: into summer in March, out of it in November. */
  private static ZoneOffsetTransitionRule rule(Month month, int firstDay) {
    boolean spring = month == Month.MARCH;
    return ZoneOffsetTransitionRule.of(
        month,
        firstDay,
        DayOfWeek.SUNDAY,
        LocalTime.of(2, 0),
        false,
        TimeDefinition.WALL,
        STANDARD,
        spring ? STANDARD : SUMMER,
        spring ? SUMMER : STANDARD);
  }
}
