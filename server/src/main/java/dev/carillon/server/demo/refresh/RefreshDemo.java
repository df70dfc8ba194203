package dev.carillon.server.demo.refresh;

import dev.carillon.refresh.clash.ClashAccess;
import dev.carillon.refresh.clash.ClashSettings;
import dev.carillon.refresh.clash.ClashSource;
import dev.carillon.refresh.drain.Drain;
import dev.carillon.refresh.drain.DrainLimits;
import dev.carillon.refresh.drain.DrainReport;
import dev.carillon.refresh.drain.Intake;
import dev.carillon.refresh.drain.Refreshes;
import dev.carillon.refresh.drain.Stop;
import dev.carillon.refresh.drain.Wish;
import dev.carillon.refresh.record.Failures;
import dev.carillon.refresh.request.Priority;
import dev.carillon.server.refresh.RefreshStores;
import dev.carillon.testkit.clash.FakeClash;
import dev.carillon.testkit.clash.GameWorld;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;

/** The demo: clans are queued, two drains refresh them at once, and the API counts. */
final class RefreshDemo {

  /** How many clans are refreshed. */
  static final int CLANS = 600;

  /** How many drains there are: as if in as many processes. */
  static final int DRAINS = 2;

  /** How long a call may take. */
  static final Duration CALL_TIMEOUT = Duration.ofSeconds(2);

  private static final String EMAIL = "demo@example.com";
  private static final String PASSWORD = "demo";
  private static final int HIGH_EVERY = 3;
  private static final int CRITICAL_EVERY = 10;

  private static final int WARM_UP_CLANS = 150;

  /** From when to when the rate is measured, counted from the first call. */
  private static final Duration MEASURED_FROM = Duration.ofSeconds(1);

  private static final Duration MEASURED_TO = Duration.ofSeconds(8);

  /**
   * What the demo stands on.
   *
   * @param stores where the requests are
   * @param jdbi a database that has been migrated
   * @param clock the time
   */
  record Stage(RefreshStores stores, Jdbi jdbi, InstantSource clock) {}

  private final FakeClash fake;
  private final RefreshStores stores;
  private final Jdbi jdbi;
  private final InstantSource clock;
  private final RefreshProgress progress;
  private final List<String> tags = IntStream.range(0, CLANS).mapToObj(GameWorld::clanTag).toList();
  private final List<String> paths =
      tags.stream().map(tag -> "/v1/clans/%23" + tag.substring(1)).toList();
  private final Mishaps mishaps = new Mishaps(paths);

  /** A demo on a database that has been migrated. */
  RefreshDemo(FakeClash fake, Stage stage, RefreshProgress progress) {
    this.fake = fake;
    this.stores = stage.stores();
    this.jdbi = stage.jdbi();
    this.clock = stage.clock();
    this.progress = progress;
  }

  RefreshDemoReport run() throws InterruptedException {
    fake.account(EMAIL, PASSWORD);
    long start = System.nanoTime();
    try (ClashSource source = new ClashSource(settings(), clock)) {
      Refreshes refreshes =
          new Refreshes(
              List.of(source), ClashSource.URGENCY, stores.queue(), stores.tempos(), jdbi, clock);
      warmUp(refreshes, source);
      fake.limit(RefreshDemoReport.LIMIT);
      fake.trouble(mishaps);
      fake.arrivals().clear();
      ask(refreshes, Priority.LOW, _ -> true);
      ask(refreshes, Priority.HIGH, number -> number % HIGH_EVERY == 0);
      ask(refreshes, Priority.CRITICAL, number -> number % CRITICAL_EVERY == 0);
      drain(source);
    }
    return report(Duration.ofNanos(System.nanoTime() - start));
  }

  /** Other clans first: drains and stand-in share this JVM, whose compiler would be measured. */
  private void warmUp(Refreshes refreshes, ClashSource source) throws InterruptedException {
    progress.say("%d other clans first: this JVM is cold".formatted(WARM_UP_CLANS));
    var _ =
        refreshes.request(
            IntStream.range(CLANS, CLANS + WARM_UP_CLANS)
                .mapToObj(GameWorld::clanTag)
                .map(tag -> new Wish(null, "clan", tag, null, null))
                .toList());
    drain(source);
  }

  private ClashSettings settings() {
    return ClashSettings.of(new ClashAccess.Account(EMAIL, PASSWORD))
        .at(fake.apiUrl(), fake.portalUrl())
        .withLimit(RefreshDemoReport.LIMIT)
        .withCallTimeout(CALL_TIMEOUT);
  }

  private void ask(Refreshes refreshes, Priority priority, IntPredicate which) {
    List<Wish> wishes =
        IntStream.range(0, CLANS)
            .filter(which)
            .mapToObj(number -> new Wish(null, "clan", tags.get(number), priority, null))
            .toList();
    progress.asked(priority, wishes.size(), refreshes.request(wishes));
  }

  private void drain(ClashSource source) throws InterruptedException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<DrainReport>> drains =
          IntStream.range(0, DRAINS)
              .mapToObj(number -> threads.submit(() -> drain(source, number)))
              .toList();
      for (int i = 0; i < DRAINS; i++) {
        progress.ended(i, drains.get(i).get());
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a drain failed", e.getCause());
    }
  }

  private DrainReport drain(ClashSource source, int number) {
    Drain.Parts parts =
        new Drain.Parts(source, stores.queue(), stores.tempos(), jdbi, clock, Intake.NONE);
    return new Drain(parts)
        .run(DrainLimits.DEFAULT, new Stop(), now -> progress.draining(number, now));
  }

  private RefreshDemoReport report(Duration took) {
    return new RefreshDemoReport(
        CLANS,
        mishaps.served(CLANS),
        mishaps.failing(),
        new RefreshDemoReport.Seen(
            fake.arrivals().count(),
            fake.arrivals().mostInAnySecond(),
            fake.arrivals().rate(MEASURED_FROM, MEASURED_TO),
            fake.breaches()),
        RefreshDemoReport.Counted.of(
            fake.arrivals().answered(), paths, mishaps.refused(), mishaps::isServed),
        new Failures(jdbi).page(ClashSource.NAME, Failures.NEWEST, CLANS).size(),
        stores.queue().state(ClashSource.NAME, clock.instant()).size(),
        took);
  }
}
