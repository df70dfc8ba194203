package dev.carillon.schedule.preview;

import static java.util.Objects.requireNonNull;

import dev.carillon.schedule.expression.Context;
import dev.carillon.schedule.expression.Expression;
import dev.carillon.schedule.expression.Firing;
import dev.carillon.schedule.expression.Walk;
import dev.carillon.time.Occurrence;
import dev.carillon.time.WallClock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The next times of an expression, by the same rules as the real ones.
 *
 * @param expression when
 * @param context where, and within what bounds
 * @param after the times are strictly after this
 * @param count how many times are wanted; there may be fewer
 */
public record Preview(Expression expression, Context context, Instant after, int count) {

  /** The most times of a preview. */
  public static final int MAX_COUNT = 10_000;

  /**
   * One time of a preview.
   *
   * @param utc when it is
   * @param local what the zone's wall clock shows then
   * @param offset the zone's offset then
   * @param note what is unusual about it; null if nothing
   */
  public record Entry(Instant utc, LocalDateTime local, ZoneOffset offset, @Nullable String note) {}

  public Preview {
    requireNonNull(expression, "expression is null");
    requireNonNull(context, "context is null");
    requireNonNull(after, "after is null");
    if (count < 1 || count > MAX_COUNT) {
      throw new IllegalArgumentException(
          "count is %d: from 1 to %d are allowed".formatted(count, MAX_COUNT));
    }
  }

  /**
   * What a preview finds.
   *
   * @param occurrences in order
   * @param end why there are fewer than were wanted; null if there are not
   */
  public record Found(List<Occurrence> occurrences, @Nullable String end) {

    public Found {
      occurrences = List.copyOf(occurrences);
    }
  }

  /** Looks for the occurrences. */
  public Found find() {
    List<Occurrence> occurrences = new ArrayList<>();
    Walk walk = expression.walk(context);
    Instant last = after;
    while (occurrences.size() < count) {
      switch (walk.next(last)) {
        case Firing.At(Occurrence next) -> {
          occurrences.add(next);
          last = next.instant();
        }
        case Firing.Never(String reason) -> {
          return new Found(occurrences, reason);
        }
      }
    }
    return new Found(occurrences, null);
  }

  /** Occurrences as people read them, in order. */
  public List<Entry> entries(List<Occurrence> occurrences) {
    return occurrences.stream().map(this::entry).toList();
  }

  private Entry entry(Occurrence at) {
    WallClock clock = context.clock();
    ZoneRules rules = clock.zones().rules(at.zone());
    ZoneOffset offset = rules.getOffset(at.instant());
    LocalDateTime shown = clock.shownAt(at);
    return new Entry(at.instant(), shown, offset, note(at, shown, rules));
  }

  private static @Nullable String note(Occurrence at, LocalDateTime shown, ZoneRules rules) {
    if (!shown.equals(at.local())) {
      return at.local() + " does not exist: moved out of a gap";
    }
    ZoneOffsetTransition transition = rules.getTransition(shown);
    if (transition == null) {
      return null;
    }
    boolean first = at.instant().isBefore(transition.getInstant());
    return first ? "the first of two" : "the second of two";
  }
}
