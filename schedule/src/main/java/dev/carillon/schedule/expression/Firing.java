package dev.carillon.schedule.expression;

import static java.util.Objects.requireNonNull;

import dev.carillon.time.Occurrence;

/** When an expression comes next. */
public sealed interface Firing {

  /**
   * It comes.
   *
   * @param occurrence the nominal local time, which is the firing's name, and its instant; the two
   *     differ where the nominal time is in a gap and was moved out of it
   */
  record At(Occurrence occurrence) implements Firing {

    public At {
      requireNonNull(occurrence, "occurrence is null");
    }
  }

  /**
   * It never comes again.
   *
   * @param reason why, in a sentence
   */
  record Never(String reason) implements Firing {

    public Never {
      requireNonNull(reason, "reason is null");
    }
  }
}
