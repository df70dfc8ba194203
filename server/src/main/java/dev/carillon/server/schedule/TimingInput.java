package dev.carillon.server.schedule;

import static java.util.Objects.requireNonNull;

import dev.carillon.schedule.Names;
import dev.carillon.schedule.Timing;
import dev.carillon.schedule.expression.Expression;
import dev.carillon.schedule.expression.Parsed;
import dev.carillon.server.http.FieldError;
import dev.carillon.server.http.JsonFields;
import dev.carillon.server.http.QueryFields;
import dev.carillon.time.GapPolicy;
import dev.carillon.time.OverlapPolicy;
import dev.carillon.time.TimeZones;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a request wants of a schedule's times. */
final class TimingInput {

  static final Set<String> FIELDS =
      Set.of("expression", "zone", "gap", "overlap", "start", "end", "excluded_dates", "calendars");

  static final String EXPRESSION_ALLOWED =
      "rate(...), cron(...), at(...), yearly(...) or rrule(...), such as cron(0 9 * * ? *)";

  private static final ZoneId UTC = ZoneId.of("UTC");

  private final Given given;
  private final @Nullable Expression expression;
  private final @Nullable ZoneId zone;
  private final @Nullable GapPolicy gap;
  private final @Nullable OverlapPolicy overlap;
  private final @Nullable Instant start;
  private final @Nullable Instant end;
  private final @Nullable List<LocalDate> excluded;
  private final @Nullable List<String> calendars;

  /** Reads the fields; what is wrong is kept in them. */
  TimingInput(JsonFields fields, TimeZones zones) {
    this.given = new Given(fields);
    this.expression = expression(fields);
    this.zone = fields.optional("zone", "a time zone of IANA, such as Europe/Paris", zones::find);
    this.gap = given.choice("gap", GapPolicy.class);
    this.overlap = given.choice("overlap", OverlapPolicy.class);
    this.start = instant(fields, "start");
    this.end = instant(fields, "end");
    this.excluded =
        given.list(
            "excluded_dates",
            Timing.MAX_EXCLUDED_DATES,
            "a date such as 2027-12-25",
            TimingInput::date);
    this.calendars =
        given.list(
            "calendars",
            Timing.MAX_CALENDARS,
            "the name of a calendar",
            text -> Optional.of(text).filter(Names::isName));
    given.refuseNull("expression");
  }

  /**
   * The times of a new schedule.
   *
   * @throws dev.carillon.server.http.ProblemException 400 if anything of the request is wrong so
   *     far
   */
  Timing made() {
    given.need("expression", EXPRESSION_ALLOWED);
    given.fields().check();
    return changed(Timing.of(requireNonNull(expression), UTC));
  }

  /**
   * The times that a change makes of the old ones.
   *
   * @throws dev.carillon.server.http.ProblemException 400 if they do not fit together
   */
  Timing changed(Timing old) {
    Expression rule = expression == null ? old.expression() : expression;
    Instant from = given.chosenOrNone("start", start, old.startAt());
    Instant to = given.chosenOrNone("end", end, old.endAt());
    if (from != null && to != null && !from.isBefore(to)) {
      given.fields().error("end", "must be after start, which is " + from);
    }
    given.fields().check();
    return new Timing(
        rule,
        given.chosen("zone", zone, old.zone(), UTC),
        given.chosen("gap", gap, gapBefore(old, rule), rule.defaultGap()),
        given.chosen("overlap", overlap, old.overlap(), rule.defaultOverlap()),
        from,
        to,
        new HashSet<>(
            given.chosen(
                "excluded_dates",
                excluded,
                List.copyOf(old.excludedDates()),
                List.<LocalDate>of())),
        given.chosen("calendars", calendars, old.calendars(), List.of()));
  }

  /** One that was the old rule's default becomes the new rule's. */
  private static GapPolicy gapBefore(Timing old, Expression rule) {
    return old.gap() == old.expression().defaultGap() ? rule.defaultGap() : old.gap();
  }

  private static @Nullable Expression expression(JsonFields fields) {
    String text = fields.optional("expression", EXPRESSION_ALLOWED, Optional::of);
    if (text == null) {
      return null;
    }
    return switch (Expression.parse(text)) {
      case Parsed.Valid(Expression read) -> read;
      case Parsed.Invalid(String error, int column) -> {
        fields.error(new FieldError("expression", error, column));
        yield null;
      }
    };
  }

  /** Tables keep microseconds. */
  private static @Nullable Instant instant(JsonFields fields, String field) {
    Instant given = fields.optional(field, QueryFields.INSTANT_ALLOWED, QueryFields::instantOf);
    return given == null ? null : given.truncatedTo(ChronoUnit.MICROS);
  }

  static Optional<LocalDate> date(String text) {
    try {
      return Optional.of(LocalDate.parse(text))
          .filter(date -> QueryFields.isStorable(date.atStartOfDay().toInstant(ZoneOffset.UTC)));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
