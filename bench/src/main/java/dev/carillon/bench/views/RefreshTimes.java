package dev.carillon.bench.views;

import static dev.carillon.bench.views.JobData.SQL;

import dev.carillon.bench.database.Meter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Times refreshes of the materialized view, with readers and without.
 *
 * @param rounds how many of each are counted, after one that is not
 * @param progress hears what is going on
 */
record RefreshTimes(int rounds, Consumer<String> progress) {

  RefreshFigures of(KeptView view) {
    long objects = view.data().jobs().objects();
    progress.accept("refreshing the view of %,d objects".formatted(objects));
    List<Meter.Spent> concurrently = new ArrayList<>();
    List<Meter.Spent> plainly = new ArrayList<>();
    try (Meter meter = view.data().database().meter()) {
      for (int round = 0; round <= rounds; round++) {
        concurrently.add(meter.of(view::bringUpToDate));
        plainly.add(
            meter.of(
                () -> view.data().jdbi().useHandle(handle -> handle.execute(SQL.get("refresh")))));
      }
    }
    return new RefreshFigures(
        objects,
        concurrently.subList(1, concurrently.size()),
        plainly.subList(1, plainly.size()),
        view.mismatches());
  }
}
