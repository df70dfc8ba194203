package dev.carillon.bench.rate;

import dev.carillon.refresh.pace.Departure;
import dev.carillon.refresh.source.Source;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/**
 * When calls left, by the monotonic clock that all processes of a Linux host share. Safe for use by
 * many threads.
 */
final class Departures {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();

  /** A source whose calls are noted. */
  Source watched(Source source) {
    return (Source)
        Proxy.newProxyInstance(
            Source.class.getClassLoader(),
            new Class<?>[] {Source.class},
            (_, method, arguments) -> {
              for (int i = 0; arguments != null && i < arguments.length; i++) {
                if (arguments[i] instanceof Departure departure) {
                  arguments[i] = watched(departure);
                }
              }
              try {
                return method.invoke(source, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** A departure that is noted. */
  Departure watched(Departure departure) {
    return new Departure() {
      @Override
      public boolean await() throws InterruptedException {
        return departure.await();
      }

      @Override
      public void left() {
        nanos.add(System.nanoTime());
        departure.left();
      }
    };
  }

  /** As text for {@link #mostInAnySecond}. */
  @Override
  public String toString() {
    return nanos.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  /** The most of all in any sliding second. */
  static int mostInAnySecond(List<String> texts) {
    long[] times =
        texts.stream()
            .flatMap(text -> Arrays.stream(text.split(",")))
            .filter(text -> !text.isEmpty())
            .mapToLong(Long::parseLong)
            .sorted()
            .toArray();
    int most = 0;
    int from = 0;
    for (int to = 0; to < times.length; to++) {
      while (times[to] - times[from] >= SECOND) {
        from++;
      }
      most = Math.max(most, to - from + 1);
    }
    return most;
  }
}
