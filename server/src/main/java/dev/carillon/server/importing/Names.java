package dev.carillon.server.importing;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Gives schedules names that are allowed, each once. */
final class Names {

  private static final int MAX_LENGTH = 64;
  private static final String NAMELESS = "schedule";

  private final Set<String> given = new HashSet<>();

  /** A name after some text. */
  String of(String text) {
    String base = cut(slug(text), MAX_LENGTH);
    String name = base;
    for (int i = 2; !given.add(name); i++) {
      String suffix = "-" + i;
      name = cut(base, MAX_LENGTH - suffix.length()) + suffix;
    }
    return name;
  }

  /** A name after a command: its words without folders, up to where its output goes. */
  String ofCommand(String command) {
    StringBuilder words = new StringBuilder();
    for (String word : command.split("[|;&<>%]", 2)[0].strip().split("\\s+", -1)) {
      boolean isPath = word.indexOf('/') >= 0 && !word.contains("://");
      words.append(' ').append(isPath ? word.substring(word.lastIndexOf('/') + 1) : word);
    }
    return of(words.toString());
  }

  private static String slug(String text) {
    String slug = text.replaceAll("[^0-9A-Za-z._-]+", "-").replaceAll("(^[-.]+|-+$)", "");
    return slug.isEmpty() ? NAMELESS : slug.toLowerCase(Locale.ROOT);
  }

  private static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most);
  }
}
