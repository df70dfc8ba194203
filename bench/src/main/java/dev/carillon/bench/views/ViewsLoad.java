package dev.carillon.bench.views;

import dev.carillon.bench.database.BenchServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Measures what fresh views cost to read, to bring up to date, and to those who write. */
public final class ViewsLoad {

  private static final Set<Measurement> READING = EnumSet.of(Measurement.READ, Measurement.HTTP);
  private static final Set<Measurement> UPDATING =
      EnumSet.of(Measurement.UPDATE, Measurement.SWEEP);
  private static final Set<Measurement> OF_LARGEST =
      EnumSet.of(Measurement.COUNT, Measurement.REFRESH, Measurement.UPDATE, Measurement.SWEEP);

  private final BenchServer server;
  private final Sizes sizes;
  private final Path jar;
  private final Consumer<String> progress;
  private final List<ReadFigures.Row> reads = new ArrayList<>();
  private final List<ReadFigures.Row> requests = new ArrayList<>();
  private final List<Section> sections = new ArrayList<>();

  /**
   * Of some sizes.
   *
   * @param server where the databases are
   * @param jar the packaged server, which is asked over HTTP
   * @param progress hears what is going on
   */
  public ViewsLoad(BenchServer server, Sizes sizes, Path jar, Consumer<String> progress) {
    this.server = server;
    this.sizes = sizes;
    this.jar = jar;
    this.progress = progress;
  }

  /**
   * Measures.
   *
   * @throws IllegalArgumentException if there is no packaged server, and one is needed
   */
  public ViewsReport run(Set<Measurement> chosen) throws InterruptedException {
    if (chosen.contains(Measurement.HTTP) && !Files.exists(jar)) {
      throw new IllegalArgumentException("--server: there is no packaged server at " + jar);
    }
    double before = Settings.load();
    Settings settings = Settings.of(server.fresh("settings"), server.version());
    if (chosen.contains(Measurement.WRITE)) {
      write();
    }
    List<Long> all = sizes.readIn();
    for (long objects : all.subList(0, all.size() - 1)) {
      if (chosen.stream().anyMatch(READING::contains)) {
        smaller(objects, chosen);
      }
    }
    if (chosen.stream().anyMatch(one -> OF_LARGEST.contains(one) || READING.contains(one))) {
      largest(chosen);
    }
    if (!reads.isEmpty()) {
      add(new ReadFigures("Status reads in the database (asked: p99 < 1 ms)", reads));
    }
    if (!requests.isEmpty()) {
      add(new ReadFigures("GET /v1/jobs/{id} (asked: p99 < 5 ms)", requests));
    }
    return new ViewsReport(settings, List.of(before, Settings.load()), sections);
  }

  private void write() throws InterruptedException {
    long objects = sizes.readIn().getFirst();
    try (JobData plain = JobData.fill(server, objects, sizes.hotObjects(), progress);
        Writing counter = Writing.make(Writing.Kind.COUNTER, plain.copy("counter"));
        Writing ledger = Writing.make(Writing.Kind.LEDGER, plain.copy("ledger"))) {
      List<Writing> all = List.of(new Writing(Writing.Kind.PLAIN, plain), ledger, counter);
      add(new WriteLoad(all, sizes, progress).run());
    }
  }

  private void smaller(long objects, Set<Measurement> chosen) throws InterruptedException {
    try (JobData data = JobData.fill(server, objects, sizes.hotObjects(), progress)) {
      data.settle();
      read(KeptView.make(data, Form.FILLED), chosen);
      read(KeptView.make(data, Form.LEDGER), chosen);
    }
  }

  private void largest(Set<Measurement> chosen) throws InterruptedException {
    try (JobData data = JobData.fill(server, sizes.objects(), sizes.hotObjects(), progress)) {
      if (chosen.contains(Measurement.COUNT)) {
        count(data);
      }
      data.settle();
      KeptView filled = KeptView.make(data, Form.FILLED);
      if (chosen.contains(Measurement.REFRESH)) {
        add(new RefreshTimes(sizes.rounds(), progress).of(filled));
      }
      if (chosen.stream().anyMatch(UPDATING::contains)) {
        update(data, chosen);
      }
      if (chosen.stream().anyMatch(READING::contains)) {
        read(filled, chosen);
        read(KeptView.make(data, Form.LEDGER), chosen);
      }
    }
  }

  private void count(JobData data) {
    CountTimes times = new CountTimes(sizes.rounds(), progress);
    List<CountFigures.Row> rows = new ArrayList<>(times.of(data, "never vacuumed"));
    data.settle();
    rows.addAll(times.of(data, "vacuumed"));
    add(new CountFigures(data.jobs().objectsOfEach(), rows));
  }

  private void update(JobData data, Set<Measurement> chosen) throws InterruptedException {
    progress.accept("copying the database for the ledger and for keyed work");
    try (JobData ledger = data.copy("ledger");
        JobData keyed = data.copy("keyed")) {
      List<KeptView> views =
          List.of(
              KeptView.make(data, Form.FILLED),
              KeptView.make(ledger, Form.LEDGER),
              KeptView.make(keyed, Form.KEYED));
      UpdateCost cost = new UpdateCost(views, sizes.rounds(), progress);
      if (chosen.contains(Measurement.UPDATE)) {
        List<Load> loads =
            List.of(
                Load.allJobs(sizes.changes()),
                Load.oneJob(sizes.changes(), data.jobs()),
                Load.singles(sizes.changes(), sizes.clients()));
        add(cost.of("Bringing the view up to date (asked: REFRESH/update >= 100)", loads));
      }
      if (chosen.contains(Measurement.SWEEP)) {
        List<Load> loads = new ArrayList<>();
        sizes.sweep().forEach(changes -> loads.add(Load.allJobs(changes)));
        sizes.sweep().stream()
            .filter(changes -> changes <= JobData.MOST_HOT)
            .forEach(changes -> loads.add(Load.singles(changes, sizes.clients())));
        add(cost.of("Sweep: which wins after how many changes", loads));
      }
    }
  }

  private void read(KeptView view, Set<Measurement> chosen) throws InterruptedException {
    if (chosen.contains(Measurement.READ)) {
      ReadTimes times = new ReadTimes(sizes.samples(), progress);
      view.bringUpToDate();
      reads.addAll(times.rows(view, "nothing pending"));
      if (view.form() == Form.LEDGER) {
        Load pending = Load.singles(sizes.changes(), sizes.clients());
        pending.run(view.data(), 0);
        reads.addAll(times.rows(view, "%,d rows pending".formatted(pending.changes())));
        view.bringUpToDate();
      }
    }
    if (chosen.contains(Measurement.HTTP)) {
      requests.addAll(new HttpTimes(jar, sizes.samples(), progress).rows(view));
    }
  }

  private void add(Section section) {
    progress.accept(section.text());
    sections.add(section);
  }
}
