package dev.carillon.bench.drain;

import dev.carillon.engine.EngineConfig;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Who can be measured. */
public enum Contenders {
  /** The defaults; nothing follows an event. */
  CARILLON(new CarillonContender("carillon", Limits.DEFAULT, false)),
  /** The defaults; the next year's event is planned when one ends. */
  CARILLON_NEXT(new CarillonContender("carillon-next", Limits.DEFAULT, true)),
  /** Wider batches; nothing follows an event. */
  CARILLON_WIDE(new CarillonContender("carillon-wide", Limits.WIDE, false)),
  /** Wider batches; the next year's event is planned when one ends. */
  CARILLON_WIDE_NEXT(new CarillonContender("carillon-wide-next", Limits.WIDE, true)),
  /** What the ratios are to. */
  DB_SCHEDULER(new DbSchedulerContender()),
  /** The open-source edition. */
  JOBRUNR(new JobRunrContender());

  private static final class Limits {
    static final int WIDE_BATCH = 500;
    static final int WIDE_CONCURRENCY = 2_000;
    static final EngineConfig DEFAULT = EngineConfig.of("bench");
    static final EngineConfig WIDE = DEFAULT.withClaims(WIDE_BATCH, WIDE_CONCURRENCY);
  }

  @SuppressWarnings("ImmutableEnumChecker") // A contender holds configuration only.
  private final Contender contender;

  Contenders(Contender contender) {
    this.contender = contender;
  }

  /** The contender. */
  public Contender contender() {
    return contender;
  }

  /** Those of the given names, in the given order; all if none is given. */
  public static List<Contender> named(List<String> names) {
    if (names.isEmpty()) {
      return Arrays.stream(values()).map(Contenders::contender).toList();
    }
    return names.stream().map(Contenders::named).toList();
  }

  private static Contender named(String name) {
    return Arrays.stream(values())
        .map(Contenders::contender)
        .filter(contender -> contender.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no contender is named %s: allowed are %s".formatted(name, names())));
  }

  private static String names() {
    return Arrays.stream(values())
        .map(value -> value.contender().name())
        .collect(Collectors.joining(", "));
  }
}
