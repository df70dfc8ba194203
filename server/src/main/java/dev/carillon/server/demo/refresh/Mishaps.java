package dev.carillon.server.demo.refresh;

import dev.carillon.testkit.clash.Trouble;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the demo's upstream API does to calls: every so many clans one kind of failure, whenever it
 * is called, and three outages of everybody, each once: a key refused, maintenance, called too
 * fast. Safe for use by many threads.
 */
final class Mishaps implements Function<String, Trouble> {

  /** Of so many clans one fails. */
  static final int EVERY = 12;

  /** The calls at which the outages begin, by number. */
  static final int REFUSED_AT = 250;

  static final int MAINTENANCE_AT = 400;
  static final int TOO_FAST_AT = 520;

  /** Every way in which a call can fail, or nearly. */
  static final List<Trouble> KINDS =
      List.of(
          Trouble.NOT_FOUND,
          Trouble.ERROR,
          Trouble.SLOW,
          Trouble.BAD_GATEWAY,
          Trouble.RESET,
          Trouble.GATEWAY_TIMEOUT,
          Trouble.MALFORMED,
          Trouble.FORBIDDEN,
          Trouble.NO_RECORD,
          Trouble.SILENT,
          Trouble.OTHER_RECORD,
          Trouble.WRONG_CONTENT_TYPE,
          Trouble.REDIRECT,
          Trouble.DRIPPING,
          Trouble.BAD_REQUEST,
          Trouble.TOO_LONG);

  private final Map<String, Trouble> byPath = new ConcurrentHashMap<>();
  private final AtomicInteger calls = new AtomicInteger();
  private volatile @Nullable String refused;

  /** The troubles of clans, each named by the path of its calls. */
  Mishaps(List<String> paths) {
    for (int i = 0; i < paths.size() / EVERY; i++) {
      byPath.put(paths.get(i * EVERY), KINDS.get(i % KINDS.size()));
    }
  }

  @Override
  public Trouble apply(String path) {
    return switch (calls.incrementAndGet()) {
      case REFUSED_AT -> {
        refused = path;
        yield Trouble.INVALID_KEY;
      }
      case MAINTENANCE_AT -> Trouble.MAINTENANCE_PAGE;
      case TOO_FAST_AT -> Trouble.TOO_FAST;
      default -> byPath.getOrDefault(path, Trouble.NONE);
    };
  }

  /** The path of the call whose key was refused; null before. */
  @Nullable String refused() {
    return refused;
  }

  /** Whether a clan's record is sent in the end. */
  boolean isServed(String path) {
    Trouble trouble = byPath.getOrDefault(path, Trouble.NONE);
    return trouble == Trouble.NONE || trouble == Trouble.SLOW;
  }

  /** How many clans are served in the end. */
  long served(int clans) {
    return clans - byPath.values().stream().filter(trouble -> trouble != Trouble.SLOW).count();
  }

  /** How many clans fail for good. */
  long failing() {
    return byPath.values().stream()
        .filter(trouble -> trouble != Trouble.SLOW && trouble != Trouble.NOT_FOUND)
        .count();
  }
}
