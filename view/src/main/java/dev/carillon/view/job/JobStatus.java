package dev.carillon.view.job;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How a scan job is. */
public enum JobStatus {
  /** Its objects are being looked for. */
  LISTING("Objects are being listed"),
  /** Its objects are being scanned. */
  PROCESSING("Objects are being scanned"),
  /** All objects are done with. */
  COMPLETED("All objects are done with"),
  /** It could not be done. */
  FAILED("No object could be scanned"),
  /** Somebody called it off. */
  ABORTED("It was called off");

  private final String message;

  JobStatus(String message) {
    this.message = message;
  }

  /** As the API writes it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one that the API writes like this; empty if there is none. */
  public static Optional<JobStatus> find(String word) {
    return Arrays.stream(values()).filter(status -> status.word().equals(word)).findFirst();
  }

  /** Whether a job that is like this changes no more. */
  public boolean isDone() {
    return switch (this) {
      case COMPLETED, FAILED, ABORTED -> true;
      case LISTING, PROCESSING -> false;
    };
  }

  /** The same for people. */
  public String message() {
    return message;
  }
}
