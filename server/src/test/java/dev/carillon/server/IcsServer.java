package dev.carillon.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A server on this machine that has calendars; it can change its mind about each path. */
public final class IcsServer implements AutoCloseable {

  private record Answer(int status, String body, @Nullable String location) {}

  private final HttpServer server;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();

  private IcsServer(HttpServer server) {
    this.server = server;
  }

  public static IcsServer open() {
    try {
      HttpServer http =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      IcsServer server = new IcsServer(http);
      http.createContext("/", server::handle);
      http.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An iCalendar text that lists these days. */
  public static String ics(String... days) {
    return Arrays.stream(days)
        .map(day -> "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:%s\r\nEND:VEVENT\r\n".formatted(day))
        .collect(Collectors.joining("", "BEGIN:VCALENDAR\r\n", "END:VCALENDAR\r\n"));
  }

  public String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  /** From now on there is a calendar of these days. */
  public void lists(String path, String... days) {
    answers(path, 200, ics(days));
  }

  public void answers(String path, int status, String body) {
    answers.put(path, new Answer(status, body, null));
  }

  public void redirects(String path, int status, String location) {
    answers.put(path, new Answer(status, "moved", location));
  }

  /** The paths that were asked for, in order. */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    asked.add(path);
    Answer answer = answers.getOrDefault(path, new Answer(404, "nothing", null));
    if (answer.location() != null) {
      exchange.getResponseHeaders().add("Location", answer.location());
    }
    byte[] body = answer.body().getBytes(UTF_8);
    exchange.sendResponseHeaders(answer.status(), body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }
}
