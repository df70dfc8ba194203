package dev.carillon.webhook.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.carillon.webhook.address.AddressPolicy;
import dev.carillon.webhook.http.Fetched.Answered;
import dev.carillon.webhook.http.Fetched.Unanswered;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WebhookClientGetTest {

  private static final int MOST = 1000;

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<Headers> headers = new CopyOnWriteArrayList<>();
  private final WebhookClient client = Clients.client();
  private final HttpServer server;

  WebhookClientGetTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void start() {
    server.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
          headers.add(exchange.getRequestHeaders());
          exchange.getRequestBody().readAllBytes();
          answer(exchange);
        });
    server.start();
  }

  @AfterEach
  void close() {
    client.close();
    server.stop(0);
  }

  private static void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.startsWith("/status/")) {
      exchange.getResponseHeaders().add("Location", "/elsewhere");
      respond(exchange, Integer.parseInt(path.substring("/status/".length())), "x".repeat(5000));
    } else if (path.startsWith("/long/")) {
      respond(exchange, 200, "x".repeat(Integer.parseInt(path.substring("/long/".length()))));
    } else if (path.equals("/endless")) {
      exchange.sendResponseHeaders(200, 0);
      try (OutputStream out = exchange.getResponseBody()) {
        while (true) {
          out.write(new byte[MOST]);
        }
      }
    } else if (path.equals("/packed")) {
      exchange.getResponseHeaders().add("Content-Encoding", "gzip");
      respond(exchange, 200, "x");
    } else {
      respond(exchange, 200, "Zoë 🎂");
    }
  }

  private static void respond(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private URI url(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  private Fetched get(URI url) throws InterruptedException {
    return client.get(new TextRequest(url, "text/calendar, */*;q=0.1", MOST, Clients.LONG));
  }

  private Fetched get(String path) throws InterruptedException {
    return get(url(path));
  }

  @Test
  void theTextComesWholeAndOnlyWhatWasAskedForIsSent() throws Exception {
    assertThat(get("/a?b=c")).isEqualTo(new Answered(new TextResponse(200, null, "Zoë 🎂")));
    assertThat(asked).containsExactly("GET /a?b=c");
    assertThat(headers.getFirst().keySet())
        .containsExactlyInAnyOrder("Host", "User-agent", "Accept");
    assertThat(headers.getFirst().getFirst("Accept")).isEqualTo("text/calendar, */*;q=0.1");
  }

  @Test
  void aTextOfExactlyTheMostBytesIsReadAndOneMoreIsTooMany() throws Exception {
    assertThat(((Answered) get("/long/1000")).response().text()).hasSize(MOST);
    assertThat(get("/long/1001"))
        .isEqualTo(new Unanswered(Fault.ENDPOINT, "the response is longer than 1000 bytes"));
  }

  @Test
  void aTextWithoutAnEndIsLeft() throws Exception {
    assertThat(get("/endless"))
        .isEqualTo(new Unanswered(Fault.ENDPOINT, "the response is longer than 1000 bytes"));
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307, 404, 500})
  void anyOtherStatusIsAnAnswerWhoseBodyIsNotReadAndNothingIsFollowed(int status) throws Exception {
    assertThat(get("/status/" + status))
        .isEqualTo(new Answered(new TextResponse(status, "/elsewhere", "")));
    assertThat(asked).hasSize(1);
  }

  @Test
  void whatIsCompressedUnaskedIsRefused() throws Exception {
    assertThat(get("/packed"))
        .isEqualTo(
            new Unanswered(Fault.ENDPOINT, "the response is compressed, which was not asked for"));
  }

  @Test
  void whatIsNoTextIsRefused() throws Exception {
    try (RawServer raw =
        RawServer.start(connection ->
            connection.write("HTTP/1.1 200 Fine\r\nContent-Length: 2\r\n\r\n\u00ff\u00fe"))) {
      assertThat(get(raw.url("http")))
          .isEqualTo(new Unanswered(Fault.ENDPOINT, "the response is not UTF-8"));
    }
  }

  @Test
  void aTextThatBreaksOffIsAFailure() throws Exception {
    try (RawServer raw =
        RawServer.start(connection ->
            connection.write("HTTP/1.1 200 Fine\r\nContent-Length: 20\r\n\r\nonly this"))) {
      assertThat(get(raw.url("http")))
          .isEqualTo(new Unanswered(Fault.ENDPOINT, "the response broke off"));
    }
  }

  @Test
  void aTextThatDripsIsLeftWhenTheTimeIsOver() throws Exception {
    try (RawServer raw =
        RawServer.start(connection -> {
          connection.write("HTTP/1.1 200 Fine\r\nContent-Length: 500\r\n\r\n");
          connection.drip("x".repeat(500), Duration.ofMillis(50));
        })) {
      assertThat(client.get(new TextRequest(raw.url("http"), "*/*", MOST, Duration.ofSeconds(1))))
          .isEqualTo(
              new Unanswered(Fault.ENDPOINT, "time-out after 1 s in all, reading the response"));
    }
  }

  @Test
  void anAddressThatIsNotAllowedIsNotAskedNorIsANameThatLeadsToIt() throws Exception {
    try (WebhookClient strict =
        new WebhookClient(
            new ClientConfig(
                Clients.LONG,
                1,
                AddressPolicy.strict().withHttp(),
                Clients.NAMES,
                null,
                "Test/1"))) {
      for (String url : List.of("http://127.0.0.1/", "https://inside.example.com/")) {
        Fetched fetched = strict.get(new TextRequest(URI.create(url), "*/*", MOST, Clients.LONG));
        assertThat(((Unanswered) fetched).fault()).as(url).isEqualTo(Fault.REFUSED);
      }
    }
  }

  @Test
  void aConnectionWhoseTextWasReadWholeIsUsedAgain() throws Exception {
    List<String> ports = new CopyOnWriteArrayList<>();
    server.createContext(
        "/port",
        exchange -> {
          ports.add("" + exchange.getRemoteAddress().getPort());
          respond(exchange, 200, "x");
        });
    get("/port");
    get("/port");
    assertThat(ports).hasSize(2);
    assertThat(ports.getFirst()).isEqualTo(ports.getLast());
  }

  @Test
  void aRequestKeepsItsLimitsAndItsAddressToItself() {
    URI url = url("/topsecret");
    assertThatThrownBy(() -> new TextRequest(url, "*/*", 0, Clients.LONG))
        .hasMessage("mostBytes is 0: from 1 to 16777216 are allowed");
    assertThatThrownBy(() -> new TextRequest(url, "a\r\nb", 1, Clients.LONG))
        .hasMessageContaining("Accept");
    assertThatThrownBy(() -> new TextRequest(url, "*/*", 1, Duration.ZERO))
        .hasMessageContaining("timeout");
    assertThat(new TextRequest(url, "*/*", 1, Clients.LONG).toString()).doesNotContain("topsecret");
  }
}
