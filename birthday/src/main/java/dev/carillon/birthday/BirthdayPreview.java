package dev.carillon.birthday;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.time.Occurrence;
import dev.carillon.time.TimeZones;
import dev.carillon.time.WallClock;
import dev.carillon.time.YearlyDate;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.MonthDay;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * When a birthday message would come, year by year, by the same rules as the real ones.
 *
 * @param zones the rules that instants are derived with
 */
public record BirthdayPreview(TimeZones zones) {

  /**
   * One year of a preview.
   *
   * @param year the year
   * @param local what the zone's wall clock shows when the message comes; null if none does
   * @param utc when that is; null if no message comes
   * @param note what is unusual about it; null if nothing. That 29 February is kept on another day
   *     is the declared policy at work, and not unusual
   */
  public record Entry(
      int year, @Nullable LocalDateTime local, @Nullable Instant utc, @Nullable String note) {

    JsonNode json() {
      ObjectNode json = Json.object().put("year", year);
      json.put("local", local == null ? null : Payload.seconds(local));
      json.put("utc", utc == null ? null : utc.toString());
      return json.put("note", note);
    }
  }

  public BirthdayPreview {
    requireNonNull(zones, "zones is null");
  }

  /** One entry for each year of the case, in order. The year of birth has its birthday too. */
  public List<Entry> entries(PreviewCase preview) {
    return IntStream.range(preview.from(), preview.from() + preview.years())
        .mapToObj(year -> entry(preview, year))
        .toList();
  }

  /**
   * Answers a case in JSON with a JSON text of one line: an array of entries, or {@code
   * {"error":"...","field":"..."}} if the case is bad.
   */
  public String answer(String json) {
    return switch (PreviewCase.parse(json, zones)) {
      case PreviewCase.Valid valid -> json(entries(valid.preview()));
      case PreviewCase.Invalid invalid -> invalid.json();
    };
  }

  /** Entries as a JSON array of one line. */
  public static String json(List<Entry> entries) {
    return Json.array(entries.stream().map(Entry::json).toList()).toString();
  }

  private Entry entry(PreviewCase preview, int year) {
    if (year < preview.dateOfBirth().getYear()) {
      return new Entry(year, null, null, "not born yet");
    }
    return new YearlyDate(MonthDay.from(preview.dateOfBirth()), preview.leap())
        .in(year)
        .map(date -> entry(preview, date))
        .orElseGet(
            () -> new Entry(year, null, null, year + " has no 29 February: LEAP_ONLY skips it"));
  }

  private Entry entry(PreviewCase preview, LocalDate date) {
    WallClock clock = WallClock.keeping(zones);
    LocalDateTime nominal = date.atTime(preview.at());
    Occurrence at = clock.at(nominal, preview.zone()).orElseThrow();
    return new Entry(
        date.getYear(), clock.shownAt(at), at.instant(), clock.note(nominal, preview.zone()));
  }
}
