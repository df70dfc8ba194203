package dev.carillon.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * What is known of a request from its first moment on.
 *
 * @param id its id
 * @param path its path, before the framework sends it elsewhere
 * @param at when it came
 * @param startedNanos the same by the monotonic clock
 */
record Trace(String id, String path, Instant at, long startedNanos) {

  /** What the log says where the caller hung up before an answer, after nginx. */
  static final int HUNG_UP = 499;

  private static final String KEY = Trace.class.getName();
  private static final double NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  /** Whether a request has a trace: it comes in again where the framework sends it elsewhere. */
  static boolean isAttachedTo(RoutingContext request) {
    return request.get(KEY) instanceof Trace;
  }

  /** Keeps the trace with its request. */
  void attach(RoutingContext request) {
    request.put(KEY, this);
  }

  /** The id of a request; the empty text where it has none yet. */
  static String idOf(RoutingContext request) {
    return request.get(KEY) instanceof Trace trace ? trace.id() : "";
  }

  /** The path of a request; the empty text where it has none, as in {@code CONNECT}. */
  static String pathOf(RoutingContext request) {
    String path = request.request().path();
    return path == null ? "" : path;
  }

  /** The request's access-log line. */
  ObjectNode line(RoutingContext context, long endedNanos) {
    HttpServerRequest request = context.request();
    HttpServerResponse response = context.response();
    return Json.object()
        .put("requestId", id)
        .put("ip", request.remoteAddress() == null ? "" : request.remoteAddress().hostAddress())
        .put("requestTime", at.toString())
        .put("httpMethod", request.method().name())
        .put("resourcePath", path)
        .put("status", response.ended() ? response.getStatusCode() : HUNG_UP)
        .put("protocol", protocol(request.version()))
        .put("responseLength", length(request, response))
        .put(
            "latency", Math.round((endedNanos - startedNanos) / 1_000.0) * 1_000 / NANOS_PER_MILLI);
  }

  /** Over HTTP/2 the answer may still be on its way to the wire, and count nothing yet. */
  private static long length(HttpServerRequest request, HttpServerResponse response) {
    String declared = response.headers().get(HttpHeaders.CONTENT_LENGTH);
    return response.bytesWritten() > 0
            || declared == null
            || HttpMethod.HEAD.equals(request.method())
        ? response.bytesWritten()
        : Long.parseLong(declared);
  }

  /** Tells an HTTP/1 caller that nothing more is read; HTTP/2 has no such header. */
  static void closeAfter(RoutingContext request) {
    if (request.request().version() != HttpVersion.HTTP_2) {
      request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
  }

  private static String protocol(HttpVersion version) {
    return switch (version) {
      case HTTP_1_0 -> "HTTP/1.0";
      case HTTP_1_1 -> "HTTP/1.1";
      case HTTP_2 -> "HTTP/2.0";
    };
  }
}
