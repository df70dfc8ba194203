package dev.carillon.server.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where every request comes in, whether its path exists or not: it gets an id and an access-log
 * line, and may be turned away before any work is done for it.
 */
@Singleton
final class Entrance {

  private static final Logger LOG = LoggerFactory.getLogger(Entrance.class);

  // Above the framework's own filters: CORS is 300.
  private static final int FIRST = 1_000;
  private static final int SECOND = 900;
  private static final int THIRD = 800;
  private static final int FOURTH = 700;

  private final AccessLog log;
  private final Throttle throttle;
  private final Origins origins;
  private final InstantSource clock;

  Entrance(AccessLog log, Throttle throttle, Origins origins, InstantSource clock) {
    this.log = log;
    this.throttle = throttle;
    this.origins = origins;
    this.clock = clock;
  }

  void filters(@Observes Filters filters) {
    filters.register(this::trace, FIRST);
    filters.register(this::throttle, SECOND);
    filters.register(this::checkOrigin, THIRD);
    filters.register(Entrance::bound, FOURTH);
  }

  void failures(@Observes Router router) {
    router.route().order(Integer.MIN_VALUE).failureHandler(this::fail);
  }

  private void trace(RoutingContext request) {
    begin(request);
    request.next();
  }

  private void begin(RoutingContext request) {
    if (Trace.isAttachedTo(request)) {
      return;
    }
    Trace trace =
        new Trace(
            RequestIds.of(request.request().getHeader(RequestIds.HEADER)),
            Trace.pathOf(request),
            clock.instant(),
            System.nanoTime());
    trace.attach(request);
    request.response().putHeader(RequestIds.HEADER, trace.id());
    // Caches reckon ages from it (RFC 9110, section 6.6.1); a Last-Modified is never later.
    request.addHeadersEndHandler(
        _ -> request.response().putHeader(HttpHeaders.DATE, Validators.date(clock.instant())));
    request.addEndHandler(_ -> log.line(trace.line(request, System.nanoTime())));
  }

  private void throttle(RoutingContext request) {
    Duration wait = throttle.admit(Trace.pathOf(request));
    if (wait.isZero()) {
      request.next();
      return;
    }
    request.response().putHeader(HttpHeaders.RETRY_AFTER, Long.toString(wait.toSeconds()));
    answer(
        request, Problem.of(429, "too many requests: try again after " + wait.toSeconds() + " s"));
  }

  private void checkOrigin(RoutingContext request) {
    HostAndPort host = request.request().authority();
    origins
        .refusal(
            request.request().getHeader(HttpHeaders.ORIGIN), host == null ? null : host.toString())
        .ifPresentOrElse(problem -> answer(request, problem), request::next);
  }

  private static void bound(RoutingContext request) {
    if (!isUri(request.request().uri())) {
      answer(request, Problem.of(400, "the path or the query is not a valid URI"));
      return;
    }
    @Nullable String type = request.request().getHeader(HttpHeaders.CONTENT_TYPE);
    String path = Trace.pathOf(request);
    if (declaredLength(request) > MediaTypes.mostBytes(type, path)) {
      // The rest of the body is not read: the connection cannot be used again.
      Trace.closeAfter(request);
      answer(request, Json.tooLarge(MediaTypes.mostBytes(type, path)));
    } else if (hasBody(request) && !MediaTypes.isAllowed(type, path)) {
      answer(request, Json.wrongMediaType());
    } else {
      request.next();
    }
  }

  private static boolean isUri(String text) {
    try {
      new URI(text);
      return true;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static boolean hasBody(RoutingContext request) {
    return declaredLength(request) > 0
        || request.request().getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
  }

  private static long declaredLength(RoutingContext request) {
    @Nullable String header = request.request().getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return header == null ? 0 : Long.parseLong(header);
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }

  /** What the framework fails before or beside the API: it may not even have come in yet. */
  private void fail(RoutingContext request) {
    begin(request);
    int status = request.statusCode() >= 400 ? request.statusCode() : 500;
    if (status >= 500) {
      LOG.error("request {} failed", Trace.idOf(request), request.failure());
    }
    answer(request, Problem.of(status, detail(status)));
  }

  private static String detail(int status) {
    return switch (status) {
      case 404 -> "there is nothing at this path; GET /openapi lists what there is";
      case 405 -> "this path has no such method";
      case 500 -> "something failed here; the request_id finds it in the log";
      default -> "the request cannot be answered";
    };
  }

  private static void answer(RoutingContext request, Problem problem) {
    if (request.response().ended() || request.response().headWritten()) {
      return;
    }
    request.response().setStatusCode(problem.status());
    request.response().putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE);
    byte[] json = problem.json(Trace.pathOf(request), Trace.idOf(request));
    request.response().end(Buffer.buffer(json));
  }
}
