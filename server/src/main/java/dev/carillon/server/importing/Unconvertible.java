package dev.carillon.server.importing;

import java.io.Serial;

/** Ends the conversion of one schedule with what is wrong, for people. */
final class Unconvertible extends Exception {

  @Serial private static final long serialVersionUID = 1;

  Unconvertible(String reason) {
    super(reason, null, false, false);
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
