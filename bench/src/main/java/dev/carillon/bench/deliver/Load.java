package dev.carillon.bench.deliver;

import dev.carillon.bench.deliver.Planned.Part;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What is to be delivered.
 *
 * @param name what it is called
 * @param parts when how much is due
 * @param endpoints how many endpoints there are, which get messages in turn
 * @param usual when endpoints answer
 * @param last when the last of them answers
 * @param ahead how long before its beginning the load is planned; zero if all of it is overdue
 */
record Load(
    String name, List<Part> parts, int endpoints, Answers usual, Answers last, Duration ahead) {

  /** After how much a hanging endpoint's attempt is over. */
  static final Duration TIMEOUT = Duration.ofSeconds(5);

  private static final Duration OVERDUE = Duration.ofSeconds(1);
  private static final Duration PREPARATION = Duration.ofSeconds(5);
  private static final int PREPARED_PER_SECOND = 5_000;

  Load {
    parts = List.copyOf(parts);
  }

  /** Events that are all due, to one endpoint or several. */
  static Load backlog(String name, int count, int endpoints, Answers usual, Answers last) {
    Part all = new Part(count, OVERDUE.negated(), OVERDUE);
    return new Load(name, List.of(all), endpoints, usual, last, Duration.ZERO);
  }

  /** Events that are planned ahead of their time, to one endpoint. */
  static Load offered(String name, List<Part> parts) {
    int count = parts.stream().mapToInt(Part::count).sum();
    Duration ahead = PREPARATION.plusSeconds(count / PREPARED_PER_SECOND);
    return new Load(name, parts, 1, Answers.AT_ONCE, Answers.AT_ONCE, ahead);
  }

  /** How long it lasts. */
  Duration length() {
    return parts.stream()
        .map(part -> part.from().plus(part.span()))
        .reduce(ahead, (a, b) -> a.compareTo(b) > 0 ? a : b)
        .plus(ahead);
  }

  /** The names of its endpoints. */
  List<String> names() {
    return IntStream.rangeClosed(1, endpoints).mapToObj("endpoint-%d"::formatted).toList();
  }

  /** Whether the last endpoint never answers. */
  boolean hanging() {
    return last == Answers.NEVER;
  }

  /** When an endpoint answers. */
  Answers answers(String name) {
    return name.equals(names().getLast()) ? last : usual;
  }

  /** The names of those that answer. */
  List<String> answering() {
    return hanging() ? names().subList(0, endpoints - 1) : names();
  }
}
