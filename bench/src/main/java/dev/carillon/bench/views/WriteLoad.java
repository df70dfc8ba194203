package dev.carillon.bench.views;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Measures how much clients get done that write to one job, with and without something that counts:
 * each in turn, in databases that were the same.
 *
 * @param writings one of each kind
 * @param sizes how many clients, and for how long
 * @param progress hears what is going on
 */
record WriteLoad(List<Writing> writings, Sizes sizes, Consumer<String> progress) {

  WriteLoad {
    writings = List.copyOf(writings);
  }

  WriteFigures run() {
    List<WriteFigures.Cell> cells = new ArrayList<>();
    for (Clients.Way way : Clients.Way.values()) {
      progress.accept("%d clients, %s".formatted(sizes.clients(), way.title()));
      cells.add(new WriteFigures.Cell(way.title(), trials(way)));
    }
    long mismatches = writings.stream().mapToLong(Writing::mismatches).sum();
    return new WriteFigures(
        sizes.clients(),
        writings.getFirst().data().jobs().hotObjects(),
        cells,
        mismatches,
        Settings.load());
  }

  private Map<Writing.Kind, List<WriteFigures.Trial>> trials(Clients.Way way) {
    Map<Writing.Kind, List<WriteFigures.Trial>> trials = new EnumMap<>(Writing.Kind.class);
    Duration warmUp = sizes.slice().dividedBy(4);
    writings.forEach(writing -> {
      var _ = writing.run(way, sizes.clients(), warmUp);
    });
    for (int round = 0; round < sizes.rounds(); round++) {
      List<Writing> order = new ArrayList<>(writings);
      Collections.shuffle(order);
      for (Writing writing : order) {
        trials
            .computeIfAbsent(writing.kind(), _ -> new ArrayList<>())
            .add(writing.run(way, sizes.clients(), sizes.slice()));
      }
    }
    return trials;
  }
}
