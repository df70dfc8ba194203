package dev.carillon.schedule;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What people declare of a schedule.
 *
 * @param group which schedules it belongs with
 * @param name its name, the only one of its group
 * @param description what it is for, for people
 * @param tags words to find it by
 * @param timing when it fires
 * @param policies how it behaves
 * @param target what it does
 */
public record Definition(
    String group,
    String name,
    String description,
    List<String> tags,
    Timing timing,
    Policies policies,
    TargetChoice target) {

  /** The group of schedules that name none. */
  public static final String DEFAULT_GROUP = "default";

  /** The longest description, in characters. */
  public static final int MAX_DESCRIPTION_LENGTH = 512;

  /** The most tags. */
  public static final int MAX_TAGS = 50;

  /** The longest tag, in characters. */
  public static final int MAX_TAG_LENGTH = 128;

  public Definition {
    requireName("group", group);
    requireName("name", name);
    requireNonNull(timing, "timing is null");
    requireNonNull(policies, "policies is null");
    requireNonNull(target, "target is null");
    tags = List.copyOf(tags);
    if (description.length() > MAX_DESCRIPTION_LENGTH) {
      throw new IllegalArgumentException(
          "description has %d characters: at most %d are allowed"
              .formatted(description.length(), MAX_DESCRIPTION_LENGTH));
    }
    if (tags.size() > MAX_TAGS) {
      throw new IllegalArgumentException(
          "tags has %d words: at most %d are allowed".formatted(tags.size(), MAX_TAGS));
    }
    for (String tag : tags) {
      if (tag.isBlank() || tag.length() > MAX_TAG_LENGTH) {
        throw new IllegalArgumentException(
            "a tag has from 1 to %d characters: '%s'".formatted(MAX_TAG_LENGTH, tag));
      }
    }
  }

  /** A schedule of the default group, with the default policies. */
  public static Definition of(String name, Timing timing, TargetChoice target) {
    return new Definition(DEFAULT_GROUP, name, "", List.of(), timing, Policies.DEFAULT, target);
  }

  /** The same at other times. */
  public Definition with(Timing other) {
    return new Definition(group, name, description, tags, other, policies, target);
  }

  /** The same with other policies. */
  public Definition with(Policies other) {
    return new Definition(group, name, description, tags, timing, other, target);
  }

  private static void requireName(String field, String value) {
    if (!Names.isName(value)) {
      throw new IllegalArgumentException(
          "%s must have from %s, not '%s'".formatted(field, Names.ALLOWED, value));
    }
  }
}
