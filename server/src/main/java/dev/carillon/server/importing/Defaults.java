package dev.carillon.server.importing;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.schedule.expression.Context;
import dev.carillon.schedule.expression.Expression;
import dev.carillon.schedule.expression.Firing;
import dev.carillon.schedule.expression.Parsed;
import dev.carillon.server.http.Json;
import dev.carillon.time.TimeZones;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * What a file does not say.
 *
 * @param zone whose wall clock it means
 * @param group which group its schedules are put in, where it names none; null for the default
 * @param target what they do; null if nobody said, which only suits a look at what would be
 * @param now schedules that never come again after it are refused
 */
public record Defaults(
    ZoneId zone, @Nullable String group, @Nullable ObjectNode target, Instant now) {

  public Defaults {
    requireNonNull(zone, "zone is null");
    requireNonNull(now, "now is null");
  }

  /** A schedule's body with what is the same for all. */
  ObjectNode body(String name, String expression, ZoneId itsZone) throws Unconvertible {
    requireComing(expression, itsZone);
    ObjectNode body = Json.object().put("name", name);
    if (group != null) {
      body.put("group", group);
    }
    body.put("expression", expression).put("zone", itsZone.getId());
    if (target != null) {
      body.set("target", target.deepCopy());
    }
    return body;
  }

  /** The zone of a name. */
  static ZoneId zone(String name) throws Unconvertible {
    return TimeZones.ofJvm()
        .find(name)
        .orElseThrow(() -> new Unconvertible("%s is no time zone of IANA".formatted(name)));
  }

  private void requireComing(String text, ZoneId itsZone) throws Unconvertible {
    switch (Expression.parse(text)) {
      case Parsed.Invalid(String error, int _) -> throw new Unconvertible(error);
      case Parsed.Valid(Expression expression) -> {
        Context context = Context.of(expression, TimeZones.ofJvm(), itsZone).startingAt(now);
        if (expression.next(context, now) instanceof Firing.Never(String reason)) {
          throw new Unconvertible("%s never comes again: %s".formatted(text, reason));
        }
      }
    }
  }
}
