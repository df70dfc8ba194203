package dev.carillon.bench.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.bench.database.BenchServer;
import dev.carillon.postgres.Statements;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ViewsLoadTest {

  private static final Sizes SMALL = new Sizes(4_000, 400, 20, 1, 4, Duration.ofMillis(400));
  private static final Statements WRONG = Statements.beside(ViewsLoadTest.class, "wrong.sql");
  private static final Path NOWHERE = Path.of("no-server.jar");

  @Test
  void everythingIsMeasuredAndTheViewsAreRight() throws InterruptedException {
    Set<Measurement> chosen = EnumSet.complementOf(EnumSet.of(Measurement.HTTP));
    try (BenchServer server = BenchServer.start(false)) {
      ViewsReport report = new ViewsLoad(server, SMALL, NOWHERE, _ -> {}).run(chosen);

      assertThat(report.isCorrect()).as(report.text()).isTrue();
      assertThat(report.sections())
          .hasExactlyElementsOfTypes(
              WriteFigures.class,
              CountFigures.class,
              RefreshFigures.class,
              UpdateFigures.class,
              UpdateFigures.class,
              ReadFigures.class);
      assertThat(report.text())
          .contains("fsync=on", "1 object a transaction", "never vacuumed", "Execution Time")
          .contains("CONCURRENTLY", "400 changes of all large jobs", "REFRESH", "400 rows pending");
    }
  }

  @Test
  void whatWasCountedAddsUp() throws InterruptedException {
    try (BenchServer server = BenchServer.start(false);
        JobData filled = JobData.fill(server, 4_000, 400, _ -> {});
        JobData ledger = filled.copy("ledger")) {
      List<KeptView> views =
          List.of(KeptView.make(filled, Form.FILLED), KeptView.make(ledger, Form.LEDGER));
      assertThat(filled.jobs().objects()).isEqualTo(4_400);

      UpdateFigures figures =
          new UpdateCost(views, 3, _ -> {}).of("some", List.of(Load.singles(403, 4)));

      assertThat(figures.mismatches()).isZero();
      assertThat(figures.cells().getFirst().changes()).isEqualTo(400);
      assertThat(figures.cells().getFirst().trials().get(Form.LEDGER))
          .hasSize(3)
          .allSatisfy(trial -> {
            assertThat(trial.change().walBytes()).isPositive();
            assertThat(trial.update().millis()).isPositive();
          });
    }
  }

  @Test
  void aCounterThatMissesAChangeIsSeen() throws InterruptedException {
    try (BenchServer server = BenchServer.start(false);
        JobData data = JobData.fill(server, 4_000, 400, _ -> {});
        Writing counter = Writing.make(Writing.Kind.COUNTER, data.copy("counter"))) {
      Load.allJobs(400).run(counter.data(), 0);
      assertThat(counter.mismatches()).isZero();

      counter.data().jdbi().useHandle(handle -> handle.execute(WRONG.get("counter_forget")));

      assertThat(counter.mismatches()).isEqualTo(1);
    }
  }

  @Test
  void aServerThatIsNotThereIsNamed() {
    try (BenchServer server = BenchServer.start(false)) {
      ViewsLoad load = new ViewsLoad(server, SMALL, NOWHERE, _ -> {});

      assertThatThrownBy(() -> load.run(EnumSet.of(Measurement.HTTP)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("--server")
          .hasMessageContaining("no-server.jar");
    }
  }

  @Test
  void namesAndSizesThatMakeNoSenseAreRefused() {
    assertThat(Measurement.named(List.of("read", "Count")))
        .containsExactly(Measurement.READ, Measurement.COUNT);
    assertThat(Measurement.named(List.of())).hasSize(Measurement.values().length);
    assertThatThrownBy(() -> Measurement.named(List.of("reed")))
        .hasMessageContaining("\"reed\"")
        .hasMessageContaining("refresh, count");
    assertThatThrownBy(() -> new Sizes(1_000, 4_000, 1, 1, 1, Duration.ofSeconds(1)))
        .hasMessageContaining("--objects");
  }
}
