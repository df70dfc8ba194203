package dev.carillon.refresh.clash;

import dev.carillon.refresh.pace.Departure;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpConnection;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.impl.Http1StreamListener;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.BHttpConnection;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * Writes requests: the client calls it when a connection has come about, and there is nothing left
 * to do but to write. A request whose context has a departure waits for that first.
 */
final class DepartingExecutor extends HttpRequestExecutor {

  /** Under this name a context has the departure of its request. */
  static final String DEPARTURE = "carillon.departure";

  @Override
  public ClassicHttpResponse execute(
      ClassicHttpRequest request,
      HttpClientConnection connection,
      HttpResponseInformationCallback information,
      HttpContext context)
      throws IOException, HttpException {
    if (!(context.getAttribute(DEPARTURE) instanceof Departure departure)) {
      return super.execute(request, connection, information, context);
    }
    await(departure);
    return HttpRequestExecutor.builder()
        .withHttp1StreamListener(new Leaving(departure))
        .build()
        .execute(request, connection, information, context);
  }

  private static void await(Departure departure) throws IOException {
    try {
      if (!departure.await()) {
        throw new NotLeaving();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted before the request was written");
    }
  }

  /** Hears that a request's head is written, sends it off, and says so. */
  private record Leaving(Departure departure) implements Http1StreamListener {

    @Override
    public void onRequestHead(HttpConnection connection, HttpRequest request) {
      try {
        ((BHttpConnection) connection).flush();
      } catch (IOException _) {
        // What follows meets it again, and can say so.
      }
      departure.left();
    }

    @Override
    public void onResponseHead(HttpConnection connection, HttpResponse response) {
      // Nobody waits for it here.
    }

    @Override
    public void onExchangeComplete(HttpConnection connection, boolean keepAlive) {
      // Nobody waits for it here.
    }
  }

  /** A request that is not to be written after all. */
  static final class NotLeaving extends IOException {

    private static final long serialVersionUID = 1L;
  }
}
