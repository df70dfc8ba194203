package dev.carillon.server;

import dev.carillon.postgres.Database;
import dev.carillon.testkit.EmbeddedDatabase;
import dev.carillon.view.full.FullRefresh;
import dev.carillon.view.full.RefreshLimits;
import dev.carillon.view.job.JobGenerator;
import dev.carillon.view.job.JobGenerator.Shape;
import dev.carillon.view.optimisation.Optimisations;
import dev.carillon.view.optimisation.Progress;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * A running server, and its database with jobs that are moved on by hand. Its schedule is paused:
 * every refresh is one that a test asked for.
 */
record Jobs(Database database, RunningServer server, Api api, JobGenerator generator) {

  static final Shape SHAPE = Shape.of(2, 400).done(50);

  private static final class Shared {
    static final Jobs JOBS = open();
  }

  static Jobs shared() {
    return Shared.JOBS;
  }

  /** Two new jobs, half done, old enough for the view to answer, and in it. */
  List<UUID> make() {
    List<UUID> jobs = generator.make(SHAPE);
    database
        .jdbi()
        .useHandle(handle ->
            handle.execute("UPDATE jobs SET created_at = created_at - interval '1 hour'"));
    refresh();
    return jobs;
  }

  void move(UUID job, int most) {
    var _ = generator.moveOn(job, most, SHAPE);
  }

  void refresh() {
    Api.ok(api.send("POST", "/v1/views/job_progress/refresh", "{\"source\":\"manual\"}"));
  }

  private static Jobs open() {
    EmbeddedDatabase embedded = EmbeddedDatabase.forTests();
    Database database = Database.open(Database.Address.of(embedded.create("jobs")));
    database.migrate();
    FullRefresh full =
        new FullRefresh(database.jdbi(), RefreshLimits.DEFAULT, RandomGenerator.getDefault());
    var _ = new Optimisations(database, full, InstantSource.system()).migrate(Progress.SILENT);
    String url = "postgres://postgres@127.0.0.1:%d/jobs".formatted(embedded.port());
    RunningServer server = RunningServer.start(Map.of("DATABASE_URL", url));
    Runtime.getRuntime().addShutdownHook(new Thread(server::close));
    Api api = Api.of(server);
    String schedule = "/v1/schedules/job_progress";
    Api.until(
        () -> api.get(schedule + "?group=views").statusCode(), status -> status == 200, "made");
    Api.ok(api.send("POST", schedule + "/pause?group=views", "{}"));
    return new Jobs(database, server, api, new JobGenerator(database.jdbi()));
  }
}
