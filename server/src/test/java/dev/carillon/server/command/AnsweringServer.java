package dev.carillon.server.command;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import picocli.CommandLine;

/** A server that answers commands what it is told to, and keeps what they asked. */
final class AnsweringServer implements AutoCloseable {

  /** What became of a command. */
  record Result(int exit, String out, String err) {}

  /** What a command asked for. */
  record Asked(String line, String authorization, String type, String body) {}

  final List<Asked> asked = new CopyOnWriteArrayList<>();

  /** Three digits, a space and a body, by method and path. */
  final Map<String, String> answers = new ConcurrentHashMap<>();

  private final HttpServer server = open();

  AnsweringServer() {
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  /** Runs a command that knows the server and a token. */
  Result run(String command, String... arguments) {
    List<String> line = new ArrayList<>(List.of(command));
    line.addAll(Arrays.asList(arguments));
    line.addAll(List.of("--token", "secret"));
    if (!line.contains("--url")) {
      line.addAll(List.of("--url", url()));
    }
    return execute(line);
  }

  static Result execute(List<String> line) {
    CommandLine command = Commands.commandLine();
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    int exit = command.execute(line.toArray(String[]::new));
    return new Result(exit, plain(out), plain(err));
  }

  private static String plain(StringWriter text) {
    return text.toString().replace(System.lineSeparator(), "\n");
  }

  private void answer(HttpExchange exchange) throws IOException {
    String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    asked.add(new Asked(line, String.valueOf(authorization), String.valueOf(type), body));
    String answer =
        answers.getOrDefault(line, "404 {\"detail\":\"there is no such schedule\",\"errors\":[]}");
    byte[] bytes = answer.substring(4).getBytes(StandardCharsets.UTF_8);
    int status = Integer.parseInt(answer.substring(0, 3));
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static HttpServer open() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
