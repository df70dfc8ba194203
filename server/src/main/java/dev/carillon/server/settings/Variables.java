package dev.carillon.server.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Named values, read one by one; what is wrong with each is collected, never thrown. */
final class Variables {

  private static final int MAX_SHOWN = 100;

  private final Map<String, String> values;
  private final List<String> problems = new ArrayList<>();

  Variables(Map<String, String> values) {
    this.values = values;
  }

  List<String> problems() {
    return problems;
  }

  void problem(String problem) {
    problems.add(problem);
  }

  /** The value without blanks around it; null if there is none, or nothing but blanks. */
  @Nullable String text(String name) {
    String value = values.getOrDefault(name, "").strip();
    return value.isEmpty() ? null : value;
  }

  /** A value that {@code read} understands; {@code otherwise} if there is none. */
  <T> T read(String name, T otherwise, String allowed, Function<String, Optional<T>> read) {
    String text = text(name);
    if (text == null) {
      return otherwise;
    }
    Optional<T> value = read.apply(text);
    if (value.isEmpty()) {
      problem("%s is \"%s\": %s is allowed".formatted(name, shown(text), allowed));
    }
    return value.orElse(otherwise);
  }

  /** Like {@link #read}, and its value is never repeated. */
  <T> @Nullable T secret(String name, String allowed, Function<String, Optional<T>> read) {
    String text = text(name);
    if (text == null) {
      return null;
    }
    Optional<T> value = read.apply(text);
    if (value.isEmpty()) {
      problem("%s (not shown): %s is allowed".formatted(name, allowed));
    }
    return value.orElse(null);
  }

  int integer(String name, int otherwise, int least, int most) {
    String allowed = "a whole number from %d to %d".formatted(least, most);
    return read(name, otherwise, allowed, text -> integer(text, least, most));
  }

  boolean flag(String name) {
    return read(
        name,
        false,
        "true or false",
        text ->
            text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")
                ? Optional.of(Boolean.valueOf(text))
                : Optional.empty());
  }

  /** The parts of a comma list, each of which {@code read} understands; empty if there is none. */
  <T> List<T> list(String name, String allowed, Function<String, Optional<T>> read) {
    return read(
        name,
        List.of(),
        allowed,
        text -> {
          List<Optional<T>> parts =
              Arrays.stream(text.split(","))
                  .map(String::strip)
                  .filter(part -> !part.isEmpty())
                  .map(read)
                  .toList();
          return parts.stream().allMatch(Optional::isPresent)
              ? Optional.of(parts.stream().flatMap(Optional::stream).toList())
              : Optional.empty();
        });
  }

  Duration duration(String name, Duration otherwise, Duration least, Duration most) {
    String allowed =
        "%s, from %s to %s"
            .formatted(TimeSpan.ALLOWED, TimeSpan.format(least), TimeSpan.format(most));
    return read(
        name,
        otherwise,
        allowed,
        text ->
            TimeSpan.parse(text).filter(d -> d.compareTo(least) >= 0 && d.compareTo(most) <= 0));
  }

  <E extends Enum<E>> E choice(String name, E otherwise) {
    E[] all = otherwise.getDeclaringClass().getEnumConstants();
    String allowed =
        Arrays.stream(all)
            .map(constant -> constant.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", ", "one of ", ""));
    return read(
        name,
        otherwise,
        allowed,
        text -> Arrays.stream(all).filter(c -> c.name().equalsIgnoreCase(text)).findFirst());
  }

  @Nullable URI url(String name) {
    String text = text(name);
    if (text == null) {
      return null;
    }
    Optional<URI> url = httpUrl(text);
    if (url.isEmpty()) {
      // Not repeated: an address may hold a password.
      problem("%s: an http:// or https:// address with a host is allowed".formatted(name));
    }
    return url.orElse(null);
  }

  static Optional<URI> httpUrl(String text) {
    try {
      URI url = new URI(text);
      boolean http =
          "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
      return http && url.getHost() != null ? Optional.of(url) : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  static Optional<Integer> integer(String text, int least, int most) {
    try {
      int value = Integer.parseInt(text);
      return value >= least && value <= most ? Optional.of(value) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static String shown(String text) {
    String printable = text.replaceAll("[\\p{Cc}\\p{Cf}]", "?");
    return printable.length() <= MAX_SHOWN ? printable : printable.substring(0, MAX_SHOWN) + "...";
  }
}
