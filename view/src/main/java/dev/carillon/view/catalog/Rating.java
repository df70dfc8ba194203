package dev.carillon.view.catalog;

import java.time.Duration;
import java.util.Locale;

/** How fast a refresh was. */
public enum Rating {
  /** Under a second. */
  FAST,
  /** Under five seconds. */
  NORMAL,
  /** Five seconds and more. */
  SLOW;

  /** What takes as long or longer is not {@link #FAST}. */
  public static final Duration NORMAL_FROM = Duration.ofSeconds(1);

  /** What takes as long or longer is {@link #SLOW}. */
  public static final Duration SLOW_FROM = Duration.ofSeconds(5);

  /** The rating of a refresh that took so long. */
  public static Rating of(Duration duration) {
    if (duration.compareTo(NORMAL_FROM) < 0) {
      return FAST;
    }
    return duration.compareTo(SLOW_FROM) < 0 ? NORMAL : SLOW;
  }

  /** As people read it: {@code Fast}. */
  public String word() {
    return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
  }
}
