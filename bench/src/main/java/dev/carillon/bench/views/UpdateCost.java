package dev.carillon.bench.views;

import dev.carillon.bench.database.Meter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Measures what changes cost, and what bringing a view up to date costs after them: each way to
 * keep it in turn, in databases that were the same.
 *
 * @param views the ways
 * @param rounds how many are counted, after one that is not
 * @param progress hears what is going on
 */
record UpdateCost(List<KeptView> views, int rounds, Consumer<String> progress) {

  /** From so many changes on, there is one round, and none before it. */
  private static final int MANY = 100_000;

  UpdateCost {
    views = List.copyOf(views);
  }

  /** Measures some loads, one after the other. */
  UpdateFigures of(String title, List<Load> loads) {
    List<UpdateFigures.Cell> cells = new ArrayList<>();
    for (Load load : loads) {
      progress.accept(load.title());
      cells.add(new UpdateFigures.Cell(load.title(), load.changes(), trials(load)));
    }
    long mismatches = views.stream().mapToLong(KeptView::mismatches).sum();
    return new UpdateFigures(
        title, views.getFirst().data().jobs().objects(), cells, mismatches, Settings.load());
  }

  private Map<Form, List<UpdateFigures.Trial>> trials(Load load) {
    Map<Form, List<UpdateFigures.Trial>> trials = new EnumMap<>(Form.class);
    boolean isLarge = load.changes() >= MANY;
    for (int round = isLarge ? 1 : 0; round <= (isLarge ? 1 : rounds); round++) {
      List<KeptView> order = new ArrayList<>(views);
      Collections.shuffle(order);
      for (KeptView view : order) {
        UpdateFigures.Trial trial = trial(view, load, round);
        if (round > 0) {
          trials.computeIfAbsent(view.form(), _ -> new ArrayList<>()).add(trial);
        }
      }
    }
    return trials;
  }

  private static UpdateFigures.Trial trial(KeptView view, Load load, int round) {
    try (Meter meter = view.data().database().meter()) {
      return new UpdateFigures.Trial(
          meter.of(() -> load.run(view.data(), round)), meter.of(view::bringUpToDate));
    }
  }
}
