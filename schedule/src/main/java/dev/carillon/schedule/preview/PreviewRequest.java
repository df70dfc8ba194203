package dev.carillon.schedule.preview;

import static java.util.Objects.requireNonNull;

import dev.carillon.schedule.expression.Context;
import dev.carillon.schedule.expression.Expression;
import dev.carillon.schedule.expression.Parsed;
import dev.carillon.schedule.expression.Spelling;
import dev.carillon.time.GapPolicy;
import dev.carillon.time.OverlapPolicy;
import dev.carillon.time.TimeZones;
import dev.carillon.time.WallClock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What someone asks a {@link Preview}, in their words. All but the expression may be left out.
 *
 * @param expression the expression
 * @param zone an IANA time zone; UTC if null
 * @param after an instant such as {@code 2026-01-01T00:00:00Z}; now if null
 * @param count how many times; {@link #DEFAULT_COUNT} if null
 * @param gap {@code skip}, {@code shift_forward} or {@code end_of_gap}; the expression's own if
 *     null
 * @param overlap {@code first}, {@code second} or {@code both}; the expression's own if null
 * @param dtstart what a rate or an rrule is counted from, and what nothing comes before, but an
 *     {@code at}: a local time or an instant; {@code after} if null
 */
public record PreviewRequest(
    @Nullable String expression,
    @Nullable String zone,
    @Nullable String after,
    @Nullable Integer count,
    @Nullable String gap,
    @Nullable String overlap,
    @Nullable String dtstart) {

  /** How many times are shown unless someone says otherwise. */
  public static final int DEFAULT_COUNT = 5;

  private static final int MAX_SHOWN = 64;
  private static final String INSTANT =
      "a date and time with Z or an offset, such as 2026-01-01T00:00:00Z";

  /** A request that was read: good, or the first thing that is wrong with it. */
  public sealed interface Answer {}

  /** The request is good. */
  public record Good(Preview preview) implements Answer {

    public Good {
      requireNonNull(preview, "preview is null");
    }
  }

  /**
   * The request is bad.
   *
   * @param error what is wrong and what is allowed
   * @param column where the expression is wrong, from 1; 0 if it is another field that the error
   *     names
   */
  public record Bad(String error, int column) implements Answer {

    public Bad {
      requireNonNull(error, "error is null");
    }
  }

  private static final class BadField extends Exception {

    private static final long serialVersionUID = 1L;

    BadField(String message) {
      super(message, null, false, false);
    }
  }

  /** Reads the request. Never throws for anything it contains. */
  public Answer read(TimeZones zones, Instant now) {
    if (expression == null) {
      return new Bad("expression is required, such as cron(0 9 * * ? *)", 0);
    }
    return switch (Expression.parse(expression)) {
      case Parsed.Invalid invalid -> new Bad(invalid.error(), invalid.column());
      case Parsed.Valid valid -> read(valid.expression(), zones, now);
    };
  }

  private Answer read(Expression when, TimeZones zones, Instant now) {
    try {
      Instant from = after == null ? now : instant("after", after);
      Context context =
          start(Context.of(when, zones, zone(zones)), from)
              .with(constant("gap", gap, GapPolicy.class), overlapPolicy());
      return new Good(new Preview(when, context, from, wanted()));
    } catch (BadField e) {
      return new Bad(String.valueOf(e.getMessage()), 0);
    }
  }

  private @Nullable OverlapPolicy overlapPolicy() throws BadField {
    return constant("overlap", overlap, OverlapPolicy.class);
  }

  private ZoneId zone(TimeZones zones) throws BadField {
    if (zone == null) {
      return ZoneId.of("UTC");
    }
    String allowed = "an IANA time zone such as Europe/Paris";
    return zones.find(zone).orElseThrow(() -> bad("zone", zone, allowed));
  }

  private int wanted() throws BadField {
    int wanted = count == null ? DEFAULT_COUNT : count;
    if (wanted < 1 || wanted > Preview.MAX_COUNT) {
      throw bad("count", String.valueOf(wanted), "a whole number from 1 to " + Preview.MAX_COUNT);
    }
    return wanted;
  }

  private Context start(Context context, Instant from) throws BadField {
    if (dtstart == null) {
      return context.startingAt(from.truncatedTo(ChronoUnit.SECONDS));
    }
    LocalDateTime local = local(dtstart);
    if (local != null) {
      WallClock earliest =
          new WallClock(context.clock().zones(), GapPolicy.END_OF_GAP, OverlapPolicy.FIRST);
      Instant first = earliest.at(local, context.zone()).orElseThrow().instant();
      return context.countedFrom(local).startingAt(first);
    }
    return context.startingAt(instant("dtstart", dtstart));
  }

  private static @Nullable LocalDateTime local(String text) {
    try {
      LocalDateTime local = LocalDateTime.parse(text).truncatedTo(ChronoUnit.SECONDS);
      return local.getYear() >= 1 && local.getYear() <= 9999 ? local : null;
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static Instant instant(String field, String text) throws BadField {
    try {
      OffsetDateTime time = OffsetDateTime.parse(text);
      if (time.getYear() >= 1 && time.getYear() <= 9999) {
        return time.toInstant();
      }
    } catch (DateTimeException e) {
      throw bad(field, text, INSTANT);
    }
    throw bad(field, text, "in the years 0001 to 9999");
  }

  private static <E extends Enum<E>> @Nullable E constant(
      String field, @Nullable String text, Class<E> type) throws BadField {
    if (text == null) {
      return null;
    }
    return Spelling.read(type, text).orElseThrow(() -> bad(field, text, Spelling.allowed(type)));
  }

  private static BadField bad(String field, String value, String allowed) {
    String shown = value.length() <= MAX_SHOWN ? value : value.substring(0, MAX_SHOWN) + "...";
    return new BadField(
        "%s is %s, but must be %s".formatted(field, shown.replaceAll("\\p{Cntrl}", "?"), allowed));
  }
}
