package dev.carillon.server.importing;

/** Whose five fields: crons agree on most of them. */
enum Dialect {
  /** Vixie's cron and its heirs on Debian, Red Hat and the BSDs: crontab(5). */
  CRON,
  /** Kubernetes' library, robfig/cron. */
  KUBERNETES;

  /** The last number of a day of the week; 7 is Sunday again. */
  int lastWeekday() {
    return switch (this) {
      case CRON -> 7;
      case KUBERNETES -> 6;
    };
  }

  /** Whether {@code ?} is another {@code *}. */
  boolean hasQuestionMark() {
    return this == KUBERNETES;
  }

  /** Whether {@code 5/15} is from 5 on; crons take it for 5 alone, or refuse it. */
  boolean stepsFromNumbers() {
    return this == KUBERNETES;
  }

  /**
   * Whether a field counts as {@code *} where days of month and of week are combined: cron looks at
   * its first character only, robfig/cron at its step as well.
   */
  boolean isStar(String field) {
    boolean begins = field.startsWith("*") || (hasQuestionMark() && field.startsWith("?"));
    return switch (this) {
      case CRON -> begins;
      case KUBERNETES -> begins && (!field.contains("/") || field.endsWith("/1"));
    };
  }
}
