package dev.carillon.server.job;

import static java.util.Objects.requireNonNull;

import dev.carillon.server.http.Problem;
import dev.carillon.server.http.ProblemException;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An answer that goes on for as long as its caller watches.
 *
 * @param feed tells of what is watched
 * @param request for which it is
 */
record EventAnswer(JobFeed feed, RoutingContext request) {

  private static final Logger LOG = LoggerFactory.getLogger(EventAnswer.class);

  EventAnswer {
    requireNonNull(feed, "feed is null");
    requireNonNull(request, "request is null");
  }

  /** What is written to one who subscribed. */
  @FunctionalInterface
  interface Stream {

    /**
     * Writes it to its end.
     *
     * @throws IOException if nobody reads any more
     */
    void write(Subscription subscription, OutputStream out)
        throws IOException, InterruptedException;
  }

  /**
   * The answer.
   *
   * @param job what is watched; null for all active jobs
   * @throws ProblemException 503 if as many watch as may
   */
  RestResponse<StreamingOutput> of(@Nullable UUID job, Stream stream) {
    Subscription subscription =
        feed.subscribe(job).orElseThrow(() -> new ProblemException(tooMany()));
    // However it ends: also when the caller hangs up before the first word.
    request.addEndHandler(_ -> feed.unsubscribe(subscription));
    StreamingOutput output = out -> write(subscription, out, stream);
    // A proxy that keeps answers back until they are large would show nothing until the end.
    return RestResponse.ResponseBuilder.ok(output, MediaType.SERVER_SENT_EVENTS)
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .header("X-Accel-Buffering", "no")
        .build();
  }

  private void write(Subscription subscription, OutputStream out, Stream stream) {
    try {
      stream.write(subscription, out);
    } catch (IOException e) {
      LOG.debug("one who watched is gone");
      request.response().reset();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      feed.unsubscribe(subscription);
    }
  }

  private static Problem tooMany() {
    return Problem.of(
        503, "%d watch already: ask GET now and then".formatted(JobFeed.MOST_SUBSCRIBERS));
  }
}
