package dev.carillon.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.Year;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class YearlyDateTest {

  private static final MonthDay LEAP_DAY = MonthDay.of(2, 29);

  @Test
  void aLeapDayIsKeptOn28FebruaryAndDoesNotStickThere() {
    YearlyDate date = new YearlyDate(LEAP_DAY, LeapDayPolicy.FEB_28);

    assertThat(in(date, 2096, 2104))
        .containsExactly(
            "2096-02-29",
            "2097-02-28",
            "2098-02-28",
            "2099-02-28",
            "2100-02-28",
            "2101-02-28",
            "2102-02-28",
            "2103-02-28",
            "2104-02-29");
  }

  @Test
  void aLeapDayIsKeptOn1March() {
    YearlyDate date = new YearlyDate(LEAP_DAY, LeapDayPolicy.MAR_1);

    assertThat(in(date, 2096, 2104))
        .containsExactly(
            "2096-02-29",
            "2097-03-01",
            "2098-03-01",
            "2099-03-01",
            "2100-03-01",
            "2101-03-01",
            "2102-03-01",
            "2103-03-01",
            "2104-02-29");
  }

  @Test
  void aLeapDayIsKeptInLeapYearsOnlyEightYearsApartAround2100() {
    YearlyDate date = new YearlyDate(LEAP_DAY, LeapDayPolicy.LEAP_ONLY);

    assertThat(in(date, 2024, 2104))
        .hasSize(20)
        .startsWith("2024-02-29", "2028-02-29")
        .endsWith("2092-02-29", "2096-02-29", "2104-02-29");
    assertThat(date.from(2097)).isEqualTo("2104-02-29");
    assertThat(date.from(2104)).isEqualTo("2104-02-29");
  }

  @ParameterizedTest
  @EnumSource
  void anyOtherDateIsTheSameUnderEveryPolicy(LeapDayPolicy policy) {
    LocalDate.of(2023, 1, 1)
        .datesUntil(LocalDate.of(2024, 1, 1))
        .forEach(day -> {
          YearlyDate date = new YearlyDate(MonthDay.from(day), policy);
          assertThat(date.in(2024)).contains(day.withYear(2024));
          assertThat(date.from(1999)).isEqualTo(day.withYear(1999));
        });
  }

  @Test
  void thereIsNoneBeyondTheLastYear() {
    YearlyDate date = new YearlyDate(LEAP_DAY, LeapDayPolicy.LEAP_ONLY);

    assertThatThrownBy(() -> date.from(Year.MAX_VALUE)).isInstanceOf(DateTimeException.class);
  }

  private static List<String> in(YearlyDate date, int first, int last) {
    return IntStream.rangeClosed(first, last)
        .mapToObj(date::in)
        .flatMap(Optional::stream)
        .map(LocalDate::toString)
        .toList();
  }
}
