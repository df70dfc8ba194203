package dev.carillon.server.demo.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the views said of jobs that were moved on.
 *
 * @param size how large it was
 * @param moved how many objects began or ended
 * @param refreshes how many refreshes there were, and how long they took
 * @param folds the same of foldings of the ledger
 * @param ages how old answers from the view that is refreshed were
 * @param cached how many reads there were, and how long they took, from the view that is refreshed
 * @param ledger the same of reads from the view that a ledger keeps
 * @param realTime of live counts
 * @param compared how many answers were compared with a count
 * @param differences how many differed
 * @param backwards how many were behind an earlier one
 * @param left how many refreshes were left out or failed
 */
record ViewDemoReport(
    ViewDemo.Size size,
    long moved,
    Latencies.Summary refreshes,
    Latencies.Summary folds,
    Latencies.Summary ages,
    Latencies.Summary cached,
    Latencies.Summary ledger,
    Latencies.Summary realTime,
    long compared,
    long differences,
    long backwards,
    long left) {

  static ViewDemoReport of(ViewDemo.Size size, Findings seen) {
    return new ViewDemoReport(
        size,
        seen.moved().get(),
        seen.refreshes().summary(),
        seen.folds().summary(),
        seen.ages().summary(),
        seen.cached().summary(),
        seen.ledger().summary(),
        seen.realTime().summary(),
        seen.compared().get(),
        seen.differences().get(),
        seen.backwards().get(),
        seen.left().get());
  }

  boolean isFlawless() {
    return flaws().isEmpty();
  }

  /** What is not as it should be, for people. */
  List<String> flaws() {
    List<String> flaws = new ArrayList<>();
    if (differences > 0) {
      flaws.add("%,d answers differ from a count".formatted(differences));
    }
    if (backwards > 0) {
      flaws.add("%,d times progress went backwards".formatted(backwards));
    }
    if (left > 0) {
      flaws.add("%,d refreshes were left out or failed".formatted(left));
    }
    if (refreshes.count() == 0 || cached.count() == 0 || moved == 0) {
      flaws.add("there was nothing to see: more --seconds are needed");
    }
    return flaws;
  }

  String table() {
    List<String> lines = new ArrayList<>();
    lines.add(row("jobs", size.jobs(), ""));
    lines.add(row("objects", size.objects(), ""));
    lines.add(
        row(
            "moved on",
            moved,
            "begun or ended, by %d writers in %d s"
                .formatted(ViewDemo.WRITERS, size.lasting().toSeconds())));
    lines.add("");
    lines.add("  How long each took             times        median   99 of 100     longest");
    lines.add(times("read: cached view", cached));
    lines.add(times("read: ledger view", ledger));
    lines.add(times("read: live count", realTime));
    lines.add(times("refresh of the view", refreshes));
    lines.add(times("fold of the ledger", folds));
    lines.add("");
    lines.add("  How old answers were           times        median   99 of 100     longest");
    lines.add(times("cached view", ages));
    lines.add("  ledger view, live count        exact at the moment of reading");
    lines.add("");
    lines.add(row("answers compared", compared, "with counts of the tables, while writers wrote"));
    lines.add(row("differences", differences, "as of the time that each answer named"));
    lines.add(row("went backwards", backwards, "progress that a reader saw go back"));
    lines.add("");
    List<String> flaws = flaws();
    if (flaws.isEmpty()) {
      lines.add("  everything is as it should be");
    } else {
      lines.add("  SOMETHING IS OFF");
      flaws.forEach(flaw -> lines.add("    " + flaw));
    }
    return String.join("\n", lines);
  }

  private static String row(String name, long number, String note) {
    return String.format(Locale.ROOT, "  %-26s %,9d  %s", name, number, note).stripTrailing();
  }

  private static String times(String name, Latencies.Summary times) {
    return String.format(
        Locale.ROOT,
        "  %-26s %,9d %,10.1f ms %,8.1f ms %,8.1f ms",
        name,
        times.count(),
        times.median(),
        times.high(),
        times.longest());
  }
}
