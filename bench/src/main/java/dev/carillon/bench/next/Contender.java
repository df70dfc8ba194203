package dev.carillon.bench.next;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import dev.carillon.schedule.expression.Context;
import dev.carillon.schedule.expression.Expression;
import dev.carillon.schedule.expression.Firing;
import dev.carillon.schedule.expression.Parsed;
import dev.carillon.time.TimeZones;
import java.text.ParseException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;
import org.quartz.CronExpression;

/** Whose evaluators are timed. */
public enum Contender {
  /** Carillon itself. */
  CARILLON("Carillon") {
    @Override
    Evaluator<?> evaluator(String fields, ZoneId zone) {
      return switch (Expression.parse("cron(%s)".formatted(fields))) {
        case Parsed.Valid(Expression expression) ->
            new Ours(expression, Context.of(expression, TimeZones.ofJvm(), zone));
        case Parsed.Invalid(String error, int _) -> throw new IllegalArgumentException(error);
      };
    }
  },

  /** cron-utils with its definition of Quartz's expressions. */
  CRON_UTILS("cron-utils") {
    @Override
    Evaluator<?> evaluator(String fields, ZoneId zone) {
      CronParser parser =
          new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.QUARTZ));
      return new CronUtils(ExecutionTime.forCron(parser.parse(AT_SECOND_0 + fields)), zone);
    }
  },

  /** Quartz. */
  QUARTZ("Quartz") {
    @Override
    Evaluator<?> evaluator(String fields, ZoneId zone) {
      try {
        CronExpression expression = new CronExpression(AT_SECOND_0 + fields);
        expression.setTimeZone(TimeZone.getTimeZone(zone));
        return new Quartz(expression);
      } catch (ParseException e) {
        throw new IllegalArgumentException(e);
      }
    }
  },

  /** Spring, whose expressions have no years. */
  SPRING("Spring") {
    @Override
    Evaluator<?> evaluator(String fields, ZoneId zone) {
      int year = fields.lastIndexOf(' ');
      if (!fields.substring(year + 1).equals("*")) {
        throw new IllegalArgumentException("there are no years: " + fields);
      }
      String withoutYear = AT_SECOND_0 + fields.substring(0, year);
      return new Spring(
          org.springframework.scheduling.support.CronExpression.parse(withoutYear), zone);
    }
  };

  private static final String AT_SECOND_0 = "0 ";

  private final String label;

  Contender(String label) {
    this.label = label;
  }

  /** Its name, for people. */
  String label() {
    return label;
  }

  /**
   * Reads an expression.
   *
   * @param fields EventBridge's six, with names for days of the week: their numbers differ
   * @throws IllegalArgumentException if it cannot
   */
  abstract Evaluator<?> evaluator(String fields, ZoneId zone);

  private record Ours(Expression expression, Context context) implements Evaluator<Instant> {
    @Override
    public Instant of(Instant instant) {
      return instant;
    }

    @Override
    public @Nullable Instant next(Instant after) {
      return switch (expression.next(context, after)) {
        case Firing.At(var occurrence) -> occurrence.instant();
        case Firing.Never _ -> null;
      };
    }

    @Override
    public Instant instant(Instant answer) {
      return answer;
    }
  }

  private record CronUtils(ExecutionTime times, ZoneId zone) implements Evaluator<ZonedDateTime> {
    @Override
    public ZonedDateTime of(Instant instant) {
      return instant.atZone(zone);
    }

    @Override
    public @Nullable ZonedDateTime next(ZonedDateTime after) {
      return times.nextExecution(after).orElse(null);
    }

    @Override
    public Instant instant(ZonedDateTime answer) {
      return answer.toInstant();
    }
  }

  private record Quartz(CronExpression expression) implements Evaluator<Date> {
    @Override
    public Date of(Instant instant) {
      return Date.from(instant);
    }

    @Override
    public @Nullable Date next(Date after) {
      return expression.getNextValidTimeAfter(after);
    }

    @Override
    public Instant instant(Date answer) {
      return answer.toInstant();
    }
  }

  private record Spring(
      org.springframework.scheduling.support.CronExpression expression, ZoneId zone)
      implements Evaluator<ZonedDateTime> {
    @Override
    public ZonedDateTime of(Instant instant) {
      return instant.atZone(zone);
    }

    @Override
    public @Nullable ZonedDateTime next(ZonedDateTime after) {
      return expression.next(after);
    }

    @Override
    public Instant instant(ZonedDateTime answer) {
      return answer.toInstant();
    }
  }
}
