package dev.carillon.refresh.clash;

import dev.carillon.refresh.request.Priority;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The types of records. */
enum ClashType {
  /** A clan, with its members. */
  CLAN("clan", "/clans/%s", Priority.HIGH),
  /** A player. */
  PLAYER("player", "/players/%s", Priority.MEDIUM),
  /** The current war of the clan of that tag. */
  WAR("war", "/clans/%s/currentwar", Priority.CRITICAL);

  private final String word;
  private final String path;
  private final Priority usual;

  ClashType(String word, String path, Priority usual) {
    this.word = word;
    this.path = path;
    this.usual = usual;
  }

  /** Its name in requests. */
  String word() {
    return word;
  }

  /** How urgent wishes are that do not say. */
  Priority usual() {
    return usual;
  }

  /** Where the record of a tag is. */
  String path(String tag) {
    return path.formatted(ClashTags.encoded(tag));
  }

  static Optional<ClashType> of(String word) {
    return Arrays.stream(values()).filter(type -> type.word.equals(word)).findFirst();
  }

  static Set<String> words() {
    return Arrays.stream(values()).map(ClashType::word).collect(Collectors.toUnmodifiableSet());
  }
}
