package dev.carillon.server.settings;

import java.util.List;

/** Everything that is wrong with the settings, each problem on a line of its own. */
public final class InvalidSettings extends IllegalArgumentException {

  /** At least one problem; each names its variable and what is allowed. */
  public InvalidSettings(List<String> problems) {
    super(String.join(System.lineSeparator(), problems));
  }
}
