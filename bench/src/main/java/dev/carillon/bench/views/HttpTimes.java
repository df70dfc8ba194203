package dev.carillon.bench.views;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Times reads of one job through the API of a server that looks after the view meanwhile. One
 * client asks over one connection.
 *
 * @param jar the packaged server
 * @param samples how many are timed, after as many that are not
 * @param progress hears what is going on
 */
record HttpTimes(Path jar, int samples, Consumer<String> progress) {

  private static final int FOUND = 200;
  private static final int NOT_FOUND = 404;

  /** Reads from a view; beside it what any request takes. */
  List<ReadFigures.Row> rows(KeptView view) throws InterruptedException {
    long objects = view.data().jobs().objects();
    String title = view.form().title();
    progress.accept("reading from %,d objects over HTTP, %s".formatted(objects, title));
    ReadTimes times = new ReadTimes(samples, progress);
    try (ServerProcess server = ServerProcess.start(jar, view.data().database().jdbcUrl());
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return List.of(
          new ReadFigures.Row(
              objects,
              title,
              times.timed(
                  () -> get(client, server, "/v1/jobs/" + view.data().jobs().any(), FOUND))),
          new ReadFigures.Row(
              objects,
              "  404 of no database",
              times.timed(() -> get(client, server, "/v1/nothing", NOT_FOUND))));
    }
  }

  private static void get(HttpClient client, ServerProcess server, String path, int expected) {
    try {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(server.at(path)).build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != expected) {
        throw new IllegalStateException(
            "%s answered %d: %s".formatted(path, answer.statusCode(), answer.body()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
