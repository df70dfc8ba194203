package dev.carillon.server.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.server.http.Json;
import dev.carillon.server.job.Subscription.News;
import dev.carillon.view.job.JobReading;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;

/**
 * Writes a job's states as server-sent events. They are states, not a log: whoever comes back gets
 * the present one, and has missed nothing that counts.
 */
final class EventStream {

  private final EventWriter writer;
  private String version = "";
  private Instant asOf = Instant.MIN;

  EventStream(Subscription subscription, OutputStream out, ObjectMapper mapper) {
    this.writer = new EventWriter(subscription, out, mapper);
  }

  /**
   * Writes until the job is done or gone, or the subscription ends.
   *
   * @param first how the job is at the beginning
   * @throws IOException if nobody reads any more
   */
  void write(JobReading first) throws IOException, InterruptedException {
    writer.begin();
    if (state(first)) {
      writer.follow(this::tell);
    }
  }

  private boolean tell(News news) throws IOException {
    return switch (news) {
      case News.State(JobReading reading) -> state(reading);
      case News.Gone _ -> gone();
      case News.Active _, News.Ended _ -> false;
    };
  }

  /** What is older than what was told is kept back: a count was told, and the view is behind it. */
  private boolean state(JobReading reading) throws IOException {
    if (reading.freshness().asOf().isBefore(asOf)) {
      return true;
    }
    String now = JobVersion.of(reading);
    if (!now.equals(version)) {
      version = now;
      asOf = reading.freshness().asOf();
      writer.event("state", now, JobView.of(reading));
    } else if (reading.freshness().asOf().isAfter(asOf)
        && writer.nothingChangedUntil(reading.freshness().asOf())) {
      asOf = reading.freshness().asOf();
    }
    if (reading.progress().status().isDone()) {
      writer.event("end", version, end(reading.progress().status().word()));
      return false;
    }
    return true;
  }

  private boolean gone() throws IOException {
    writer.event("end", null, end("gone"));
    return false;
  }

  private static ObjectNode end(String status) {
    return Json.object().put("status", status);
  }
}
