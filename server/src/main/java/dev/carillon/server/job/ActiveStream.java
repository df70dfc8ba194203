package dev.carillon.server.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.server.http.Json;
import dev.carillon.server.job.Subscription.News;
import dev.carillon.view.job.JobReading;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Writes the states of all active jobs as server-sent events: first all of them, which replaces
 * what the caller had, then each that changes, begins or ends.
 */
final class ActiveStream {

  /** What the caller knows of a job. */
  private record Told(String version, Instant asOf, boolean ended) {
    static Told of(JobReading reading) {
      return new Told(
          JobVersion.of(reading), reading.freshness().asOf(), reading.progress().status().isDone());
    }
  }

  /** The jobs of the beginning. */
  record Beginning(List<JobView> jobs) {}

  private final EventWriter writer;
  private final Map<UUID, Told> told = new HashMap<>();

  ActiveStream(Subscription subscription, OutputStream out, ObjectMapper mapper) {
    this.writer = new EventWriter(subscription, out, mapper);
  }

  /**
   * Writes until the subscription ends.
   *
   * @param first the active jobs at the beginning
   * @throws IOException if nobody reads any more
   */
  void write(List<JobReading> first) throws IOException, InterruptedException {
    writer.begin();
    first.forEach(job -> told.put(job.job().id(), Told.of(job)));
    writer.event("jobs", null, new Beginning(first.stream().map(JobView::of).toList()));
    writer.follow(this::tell);
  }

  private boolean tell(News news) throws IOException {
    return switch (news) {
      case News.Active(List<JobReading> jobs) -> active(jobs);
      case News.State _, News.Gone _, News.Ended _ -> false;
    };
  }

  private boolean active(List<JobReading> jobs) throws IOException {
    Set<UUID> gone = new HashSet<>(told.keySet());
    for (JobReading job : jobs) {
      gone.remove(job.job().id());
      state(job);
    }
    for (UUID id : gone) {
      Told last = told.remove(id);
      if (last != null && !last.ended()) {
        end(id, "gone");
      }
    }
    Optional<Instant> oldest =
        jobs.stream().map(job -> job.freshness().asOf()).min(Comparator.naturalOrder());
    if (oldest.isPresent()) {
      var _ = writer.nothingChangedUntil(oldest.get());
    }
    return true;
  }

  /** One that had ended before the caller came is nothing to them. */
  private void state(JobReading job) throws IOException {
    UUID id = job.job().id();
    Told last = told.get(id);
    Told now = Told.of(job);
    boolean isNew = last == null && !now.ended();
    boolean isChanged =
        last != null && !last.version().equals(now.version()) && !now.asOf().isBefore(last.asOf());
    if (isNew || isChanged) {
      told.put(id, now);
      writer.event("state", null, JobView.of(job));
      if (now.ended()) {
        end(id, job.progress().status().word());
      }
    }
  }

  private void end(UUID id, String status) throws IOException {
    ObjectNode data = Json.object().put("job_id", id.toString()).put("status", status);
    writer.event("end", null, data);
  }
}
