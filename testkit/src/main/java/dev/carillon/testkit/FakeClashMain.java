package dev.carillon.testkit;

import dev.carillon.testkit.clash.FakeClash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Scanner;

/**
 * The Clash of Clans stand-in as a process of its own, for load runs. Its arguments are the port (0
 * for a free one), the calls a second beyond which it answers 429, and if wanted how many
 * milliseconds an answer takes at least and at most. It prints its address and a key, then a line
 * of what has arrived for each line that it reads, and ends with its input. A line {@code clear}
 * begins the count anew; with {@code span A B} the rate is that from A to B seconds after the first
 * call.
 */
public final class FakeClashMain {

  private static final String EMAIL = "dev@example.com";
  private static final String PASSWORD = "secret";

  private FakeClashMain() {}

  /** Runs until the input ends. */
  public static void main(String[] args) throws IOException {
    if (args.length != 2 && args.length != 4) {
      throw new IllegalArgumentException(
          "arguments: port (0 for a free one), calls a second[, least and most latency in ms]");
    }
    try (FakeClash fake = FakeClash.start(Integer.parseInt(args[0]), InstantSource.system());
        Scanner lines = new Scanner(System.in, StandardCharsets.UTF_8)) {
      fake.limit(Integer.parseInt(args[1]));
      if (args.length == 4) {
        fake.latency(
            Duration.ofMillis(Long.parseLong(args[2])), Duration.ofMillis(Long.parseLong(args[3])));
      }
      fake.account(EMAIL, PASSWORD);
      String key = fake.key("by hand", "127.0.0.1").bearer();
      IO.println("url=%s portal=%s key=%s".formatted(fake.apiUrl(), fake.portalUrl(), key));
      while (lines.hasNextLine()) {
        String[] words = lines.nextLine().strip().split(" ");
        if (words[0].equals("clear")) {
          fake.arrivals().clear();
        }
        double rate =
            words[0].equals("span") && words.length == 3
                ? fake.arrivals().rate(seconds(words[1]), seconds(words[2]))
                : fake.arrivals().rate();
        IO.println(
            "calls=%d most_in_any_second=%d rate=%.3f shortest_gap_us=%d breaches=%d statuses=%s"
                .formatted(
                    fake.arrivals().count(),
                    fake.arrivals().mostInAnySecond(),
                    rate,
                    fake.arrivals().shortestGap().toNanos() / 1_000,
                    fake.breaches(),
                    fake.arrivals().byStatus()));
      }
    }
  }

  private static Duration seconds(String text) {
    return Duration.ofSeconds(Long.parseLong(text));
  }
}
