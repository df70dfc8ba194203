package dev.carillon.bench.next;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How far a contender answers as Carillon does, which is proven against a brute-force walk.
 *
 * @param differing for how many of the instants it answers otherwise
 * @param example the first such answer, or why there is none, for people; empty if all agree
 */
record Agreement(int differing, String example) {

  /** Who cannot read an expression, or fails with it, differs everywhere. */
  private static Agreement none(RuntimeException why) {
    return new Agreement(
        Case.STARTS, "%s".formatted(why.getMessage()).lines().limit(1).toList().getFirst());
  }

  /** Whether it is the same rule, but for what the clocks do on a day or two. */
  boolean isTimed() {
    return differing <= Case.STARTS / 100;
  }

  /** Asks a contender from every instant. */
  static Agreement of(Case one, Contender contender) {
    Evaluator<?> ours = Contender.CARILLON.evaluator(one.fields(), one.zone());
    try {
      return compared(ours, contender.evaluator(one.fields(), one.zone()));
    } catch (RuntimeException e) {
      return none(e);
    }
  }

  private static Agreement compared(Evaluator<?> ours, Evaluator<?> theirs) {
    int differing = 0;
    String example = "";
    for (Instant start : Case.starts()) {
      Instant right = answer(ours, start);
      Instant other = answer(theirs, start);
      if (!Objects.equals(right, other)) {
        differing++;
        example =
            example.isEmpty()
                ? "after %s: %s, Carillon %s".formatted(start, other, right)
                : example;
      }
    }
    return new Agreement(differing, example);
  }

  private static <T> @Nullable Instant answer(Evaluator<T> evaluator, Instant start) {
    T answer = evaluator.next(evaluator.of(start));
    return answer == null ? null : evaluator.instant(answer);
  }
}
