package dev.carillon.schedule;

import java.util.regex.Pattern;

/**
 * What may be a name of a schedule, a group, a calendar, a queue or a statement: as EventBridge
 * Scheduler allows it (CreateSchedule, Name).
 */
public final class Names {

  /** The longest name, in characters. */
  public static final int MAX_LENGTH = 64;

  /** The same for people: what a name has. */
  public static final String ALLOWED = "1 to " + MAX_LENGTH + " letters, digits, -, _ and .";

  private static final Pattern NAME = Pattern.compile("[0-9a-zA-Z._-]{1,%d}".formatted(MAX_LENGTH));

  private Names() {}

  /** Whether a text may be a name. */
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }
}
