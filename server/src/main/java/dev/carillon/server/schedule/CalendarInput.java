package dev.carillon.server.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.schedule.Calendars;
import dev.carillon.schedule.calendar.IcsDates;
import dev.carillon.server.http.JsonFields;
import dev.carillon.server.http.MediaTypes;
import dev.carillon.server.http.Problem;
import dev.carillon.server.http.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What a request wants of a calendar. */
sealed interface CalendarInput {

  /**
   * Dates that are known.
   *
   * @param dates its dates
   * @param source where they come from: {@code dates}, {@code ics} or {@code url}
   * @param leftOut how many events of an iCalendar text were left out
   */
  record Known(Set<LocalDate> dates, String source, int leftOut) implements CalendarInput {}

  /** Dates that are to be fetched. */
  record ByUrl(String url) implements CalendarInput {}

  String URL = "url";

  /** The largest iCalendar text, in bytes. */
  int MAX_ICS_BYTES = MediaTypes.MAX_ICALENDAR_BYTES;

  String DATES = "dates";
  String ICS = "ics";

  /** A calendar of JSON: a list of dates, an iCalendar text, or the URL of one. */
  static CalendarInput ofJson(JsonNode body, Instant now) {
    JsonFields fields = new JsonFields(body, Set.of(DATES, ICS, URL));
    List<LocalDate> dates =
        new Given(fields)
            .list(DATES, Calendars.MAX_DATES, "a date such as 2027-12-25", TimingInput::date);
    String ics = fields.optional(ICS, "an iCalendar text", Optional::of);
    String url = fields.optional(URL, "the URL of an iCalendar text", Optional::of);
    if (Stream.of(DATES, ICS, URL).filter(fields::has).count() != 1) {
      fields.error(DATES, "is needed, or ics, or url, and one of them only");
    }
    fields.check();
    if (url != null) {
      return new ByUrl(url);
    }
    return ics == null
        ? new Known(new HashSet<>(dates == null ? List.of() : dates), DATES, 0)
        : ofIcs(ics, now);
  }

  /** A calendar of an iCalendar text. */
  static Known ofIcs(InputStream body, Instant now) {
    try {
      byte[] bytes = body.readNBytes(MAX_ICS_BYTES + 1);
      if (bytes.length > MAX_ICS_BYTES) {
        throw new ProblemException(
            Problem.of(
                413, "an iCalendar text of at most %d bytes is allowed".formatted(MAX_ICS_BYTES)));
      }
      return ofIcs(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString(), now);
    } catch (CharacterCodingException e) {
      throw new ProblemException(Problem.of(400, "the body is not UTF-8"));
    } catch (IOException e) {
      throw new ProblemException(Problem.of(400, "the body could not be read to its end"));
    }
  }

  private static Known ofIcs(String text, Instant now) {
    try {
      IcsDates read = IcsDates.read(text, now);
      return new Known(read.dates(), ICS, read.leftOut());
    } catch (IllegalArgumentException e) {
      throw new ProblemException(Problem.invalid(ICS, "cannot be read: " + e.getMessage()));
    }
  }
}
