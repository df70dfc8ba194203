package dev.carillon.schedule;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.carillon.retry.RetryPolicy;
import dev.carillon.schedule.expression.Expression;
import dev.carillon.schedule.expression.Parsed;
import java.time.Duration;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** Definitions for tests. */
public final class Definitions {

  /** The kind of target that all of them have. */
  public static final String KIND = "test";

  private Definitions() {}

  /** A schedule in UTC with the default policies. */
  public static Definition of(String name, String expression) {
    return of(name, expression, "UTC");
  }

  /** A schedule in a zone with the default policies. */
  public static Definition of(String name, String expression, String zone) {
    return Definition.of(name, Timing.of(expression(expression), ZoneId.of(zone)), target());
  }

  /** A schedule of these times with the default policies. */
  public static Definition of(String name, Timing timing) {
    return Definition.of(name, timing, target());
  }

  /** Policies with other limits of a run; null for none, and for the engine's. */
  public static Policies runs(
      Policies all, @Nullable Duration maxAge, @Nullable RetryPolicy retry) {
    return new Policies(
        all.misfire(),
        all.catchUpWindow(),
        all.maxCatchUp(),
        all.runOverlap(),
        all.jitter(),
        maxAge,
        retry,
        all.pauseOnFailure(),
        all.afterLastRun());
  }

  /** Policies with other endings. */
  public static Policies ending(Policies all, boolean pauseOnFailure, AfterLastRun after) {
    return new Policies(
        all.misfire(),
        all.catchUpWindow(),
        all.maxCatchUp(),
        all.runOverlap(),
        all.jitter(),
        all.maxAge(),
        all.retry(),
        pauseOnFailure,
        after);
  }

  /** An expression that is known to be one. */
  public static Expression expression(String text) {
    return switch (Expression.parse(text)) {
      case Parsed.Valid(Expression expression) -> expression;
      case Parsed.Invalid(String error, int _) -> throw new IllegalArgumentException(error);
    };
  }

  private static TargetChoice target() {
    return new TargetChoice(KIND, JsonNodeFactory.instance.objectNode().put("to", "x"), null);
  }
}
