package dev.carillon.server.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a year brought, as the receiver counted it.
 *
 * @param users how many users there were
 * @param zones in how many time zones
 * @param due how many messages the users could expect
 * @param seen what the receiver counted
 * @param redriven how many dead letters were sent again at the end
 * @param wrongUsers how many users had another number of birthdays than they may expect
 * @param pendingNext how many users' next birthday is planned
 * @param took how long the year took
 */
record Report(
    int users,
    int zones,
    int due,
    Observer.Counts seen,
    int redriven,
    long wrongUsers,
    int pendingNext,
    Duration took) {

  private static final double MILLIS = 1_000;

  int lost() {
    return due - seen.delivered();
  }

  boolean isFlawless() {
    return seen.delivered() == due
        && seen.duplicates() == 0
        && seen.unsigned() == 0
        && seen.wrongDay() == 0
        && seen.lateUnexcused() == 0
        && seen.rejected() == redriven
        && wrongUsers == 0
        && pendingNext == users
        && offNine() == 0;
  }

  String table() {
    List<String> lines = new ArrayList<>();
    lines.add(row("users", users, "in %d time zones".formatted(zones)));
    lines.add(row("due", due, "those born on 29 February who want leap years only have none"));
    lines.add(
        row("delivered", seen.delivered(), "accepted by the receiver, each signature checked"));
    lines.add(row("late", seen.late(), "first sent after 36 hours of downtime, and marked late"));
    lines.add(
        row("retried", seen.retried(), "sent again: the receiver was busy or had rejected them"));
    lines.add(row("failed", seen.rejected(), "rejected for good, so dead letters"));
    lines.add(row("redriven", redriven, "dead letters sent again once the receiver was mended"));
    lines.add(row("duplicates", seen.duplicates(), ""));
    lines.add(row("lost", lost(), ""));
    lines.add(row("users with other than exactly one birthday", wrongUsers, ""));
    lines.add(row("on another day than the policy says", seen.wrongDay(), ""));
    lines.add(row("next year's birthday planned", pendingNext, ""));
    lines.add(text("wall clock in the user's zone", wallClock()));
    lines.add(text("deliveries per second", perSecond()));
    lines.add(text("", isFlawless() ? "everything is as it should be" : "SOMETHING IS OFF"));
    return String.join("\n", lines);
  }

  private int offNine() {
    return seen.wallClock().entrySet().stream()
        .filter(entry -> !entry.getKey().equals(Expectation.NINE))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  private String wallClock() {
    return seen.wallClock().entrySet().stream()
        .map(entry -> String.format(Locale.ROOT, "%s x %,d", entry.getKey(), entry.getValue()))
        .collect(Collectors.joining(", "));
  }

  private String perSecond() {
    double seconds = Math.max(took.toMillis(), 1) / MILLIS;
    double rate = seen.delivered() / seconds;
    return String.format(Locale.ROOT, "%,.0f  (the year took %.1f s)", rate, seconds);
  }

  private static String row(String name, long count, String remark) {
    return String.format(Locale.ROOT, "  %-44s %,10d  %s", name, count, remark).stripTrailing();
  }

  private static String text(String name, String value) {
    return "  %-44s %s".formatted(name, value);
  }
}
