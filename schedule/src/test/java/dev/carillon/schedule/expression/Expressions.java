package dev.carillon.schedule.expression;

import dev.carillon.time.TimeZones;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** Short words for tests of expressions. */
final class Expressions {

  static final TimeZones ZONES = TimeZones.ofJvm();

  private Expressions() {}

  static Expression expression(String text) {
    return switch (Expression.parse(text)) {
      case Parsed.Valid valid -> valid.expression();
      case Parsed.Invalid invalid -> throw new AssertionError(invalid.error());
    };
  }

  static Parsed.Invalid invalid(String text) {
    return switch (Expression.parse(text)) {
      case Parsed.Valid _ -> throw new AssertionError(text + " is valid");
      case Parsed.Invalid invalid -> invalid;
    };
  }

  static Context in(String text, String zone) {
    return Context.of(expression(text), ZONES, ZoneId.of(zone));
  }

  /** The next instants after one, at most so many. */
  static List<String> next(String text, Context context, String after, int count) {
    return instants(expression(text), context, Instant.parse(after), count).stream()
        .map(Instant::toString)
        .toList();
  }

  static List<Instant> instants(Expression expression, Context context, Instant after, int count) {
    List<Instant> instants = new ArrayList<>();
    Firing next = expression.next(context, after);
    while (next instanceof Firing.At at && instants.size() < count) {
      instants.add(at.occurrence().instant());
      next = expression.next(context, at.occurrence().instant());
    }
    return instants;
  }

  static String never(String text, Context context, String after) {
    return switch (expression(text).next(context, Instant.parse(after))) {
      case Firing.At at -> throw new AssertionError("comes at " + at.occurrence().instant());
      case Firing.Never never -> never.reason();
    };
  }
}
