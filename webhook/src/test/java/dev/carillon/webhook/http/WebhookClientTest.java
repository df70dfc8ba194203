package dev.carillon.webhook.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.testkit.receiver.Answer;
import dev.carillon.testkit.receiver.Delivery;
import dev.carillon.testkit.receiver.Pace;
import dev.carillon.testkit.receiver.WebhookReceiver;
import dev.carillon.webhook.http.Exchanged.Answered;
import dev.carillon.webhook.http.Exchanged.Unanswered;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WebhookClientTest {

  private final WebhookReceiver receiver = WebhookReceiver.start(InstantSource.system(), List.of());
  private final WebhookClient client = Clients.client();

  @AfterEach
  void close() {
    client.close();
    receiver.close();
  }

  @Test
  void theRequestArrivesAsItIs() throws Exception {
    receiver.answer(_ -> Answer.accepted());
    client.post(Clients.request(receiver.url()));
    Delivery delivery = receiver.deliveries().getFirst();
    assertThat(delivery.body()).isEqualTo("{\"message\":\"Hey, Zoë 🎂\"}");
    assertThat(delivery.headers())
        .containsOnly(
            Map.entry("host", "127.0.0.1:" + receiver.url().getPort()),
            Map.entry("user-agent", "Test/1"),
            Map.entry("content-length", "28"),
            Map.entry("content-type", "application/json"),
            Map.entry("webhook-id", "msg_1"));
  }

  @ParameterizedTest
  @CsvSource({
    "'', /",
    "/, /",
    "/a/b%20c?d=e&f=%2F, /a/b%20c?d=e&f=%2F",
    "?d=e, /?d=e",
    "//x/../y, //x/../y"
  })
  void pathAndQueryAreSentAsTheyAreWritten(String written, String sent) throws Exception {
    List<String> lines = new ArrayList<>();
    try (RawServer server =
        RawServer.start(connection -> {
          lines.add(connection.readRequest());
          connection.write("HTTP/1.1 204 Fine\r\n\r\n");
        })) {
      URI url = URI.create("http://127.0.0.1:" + server.url("http").getPort() + written);
      assertThat(client.post(Clients.request(url))).isInstanceOf(Answered.class);
      assertThat(lines.getFirst()).startsWith("POST " + sent + " HTTP/1.1\r\n");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 204, 299, 301, 302, 307, 308, 400, 401, 407, 410, 429, 500, 503})
  void anyStatusIsAnAnswerAndNothingIsRepeatedOrFollowed(int status) throws Exception {
    receiver.answer(_ ->
        Answer.status(status)
            .withHeader("Location", receiver.url().toString())
            .withHeader("Retry-After", "0")
            .withHeader("WWW-Authenticate", "Basic realm=\"x\"")
            .withHeader("Set-Cookie", "a=b"));
    Exchanged exchanged = client.post(Clients.request(receiver.url()));
    assertThat(exchanged).isInstanceOf(Answered.class);
    assertThat(((Answered) exchanged).response()).isEqualTo(new WebhookResponse(status, "0", ""));
    assertThat(receiver.count()).isOne();
    client.post(Clients.request(receiver.url()));
    assertThat(receiver.deliveries().getLast().headers()).doesNotContainKey("cookie");
  }

  @Test
  void aCompressedBodyIsNotUnpacked() throws Exception {
    receiver.answer(
        _ -> Answer.status(500).withBody("not really").withHeader("Content-Encoding", "gzip"));
    Answered answered = (Answered) client.post(Clients.request(receiver.url()));
    assertThat(answered.response().body()).isEqualTo("not really");
  }

  @Nested
  class TheTimings {

    @Test
    void sayWhatTheFirstRequestSpentOnItsConnection() throws Exception {
      receiver.answer(_ -> Answer.status(200).withBody("fine"));
      Timings first = client.post(Clients.request(receiver.url())).timings();
      assertThat(first.dns()).isPositive();
      assertThat(first.connect()).isPositive();
      assertThat(first.tls()).isNull();
      assertThat(first.firstByte()).isPositive();
      assertThat(first.total())
          .isGreaterThan(
              Stream.of(first.dns(), first.connect(), first.firstByte())
                  .filter(Objects::nonNull)
                  .reduce(Duration.ZERO, Duration::plus));
    }

    @Test
    void sayThatTheNextRequestReusedIt() throws Exception {
      receiver.answer(_ -> Answer.status(200).withBody("fine"));
      client.post(Clients.request(receiver.url()));
      Timings next = client.post(Clients.request(receiver.url())).timings();
      assertThat(next.dns()).isNull();
      assertThat(next.connect()).isNull();
      assertThat(next.tls()).isNull();
      assertThat(next.firstByte()).isLessThan(next.total());
    }

    @Test
    void tellASlowBodyFromASlowHead() throws Exception {
      Duration pause = Duration.ofMillis(300);
      receiver.answer(_ -> Answer.status(200).withBody("xy").withPace(new Pace.Dripping(pause)));
      Timings timings = client.post(Clients.request(receiver.url())).timings();
      assertThat(timings.total().minus(requireNonNull(timings.firstByte())))
          .isGreaterThan(pause.dividedBy(2));
    }

    @Test
    void ofAFailureSayHowFarItCame() throws Exception {
      Timings timings = client.post(Clients.request(URI.create("https://no.invalid/"))).timings();
      assertThat(timings.dns()).isPositive();
      assertThat(timings.connect()).isNull();
      assertThat(timings.firstByte()).isNull();
      assertThat(timings.total()).isGreaterThanOrEqualTo(timings.dns());
    }
  }

  @Nested
  class AConnection {

    @Test
    void thatTheReceiverClosesMeanwhileIsReplaced() throws Exception {
      try (RawServer server =
          RawServer.start(connection -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 Fine\r\nContent-Length: 0\r\n\r\n");
          })) {
        WebhookRequest request = Clients.request(server.url("http"));
        assertThat(client.post(request)).isInstanceOf(Answered.class);
        // Known when the server has closed; the client looks at connections unused for 100 ms.
        server.bytesWritten();
        server.pause(Duration.ofMillis(150));
        assertThat(client.post(request)).isInstanceOf(Answered.class);
      }
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
          "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
          "HTTP/1.1 204 OK\r\nContent-Length: 5\r\n\r\nabcde",
          "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\nabcde"
        })
    void thatMayHoldMoreIsNotUsedAgain(String response) throws Exception {
      try (RawServer server =
          RawServer.start(connection -> {
            connection.readRequest();
            connection.write(response);
            connection.pause(Clients.LONG);
          })) {
        client.post(Clients.request(server.url("http")));
        assertThat(client.post(Clients.request(server.url("http"))).timings().connect())
            .isNotNull();
      }
    }
  }

  @Nested
  class AnInterruption {

    @Test
    void endsAWaitForTheResponse() throws Exception {
      receiver.answer(_ -> Answer.accepted().withPace(new Pace.Never()));
      try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<Exchanged> post =
            executor.submit(() -> client.post(Clients.request(receiver.url())));
        assertThat(receiver.await(1, Clients.LONG)).isTrue();
        executor.shutdownNow();
        assertThatThrownBy(post::get)
            .isInstanceOf(ExecutionException.class)
            .hasCauseInstanceOf(InterruptedException.class);
      }
    }

    @Test
    void beforehandSendsNothing() {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> client.post(Clients.request(receiver.url())))
          .isInstanceOf(InterruptedException.class);
      assertThat(Thread.interrupted()).isFalse();
      assertThat(receiver.count()).isZero();
    }

    @Test
    void whileWaitingForAConnectionLosesNone() throws Exception {
      receiver.answer(
          d -> d.number() == 1 ? Answer.accepted().withPace(new Pace.Never()) : Answer.accepted());
      try (WebhookClient narrow = Clients.client(Clients.LONG, 1);
          var executor = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<Exchanged> first =
            executor.submit(() -> narrow.post(Clients.request(receiver.url())));
        assertThat(receiver.await(1, Clients.LONG)).isTrue();
        Future<Exchanged> waiting =
            executor.submit(() -> narrow.post(Clients.request(receiver.url())));
        waiting.cancel(true);
        first.cancel(true);
        assertThat(narrow.post(Clients.request(receiver.url()))).isInstanceOf(Answered.class);
      }
    }
  }

  @Test
  void aTimeoutNeverBreaksTheNextExchange() throws Exception {
    receiver.answer(d ->
        d.number() % 2 == 0
            ? Answer.accepted().withPace(new Pace.After(Duration.ofMillis(20)))
            : Answer.accepted());
    Duration close = Duration.ofMillis(20);
    List<Future<Integer>> broken = new ArrayList<>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 8; i++) {
        broken.add(executor.submit(() -> brokenOff(close)));
      }
    }
    for (Future<Integer> one : broken) {
      assertThat(one.get()).isZero();
    }
  }

  /** Of exchanges that have time enough, how many failed among others that have not. */
  private int brokenOff(Duration tight) throws InterruptedException {
    int failed = 0;
    for (int i = 0; i < 50; i++) {
      client.post(Clients.request(receiver.url(), tight));
      failed += client.post(Clients.request(receiver.url())) instanceof Answered ? 0 : 1;
    }
    return failed;
  }

  @Test
  void aClosedClientSendsNothingAndItIsOurFault() throws Exception {
    client.close();
    Exchanged exchanged = client.post(Clients.request(receiver.url()));
    assertThat(exchanged).isInstanceOf(Unanswered.class);
    assertThat(((Unanswered) exchanged).fault()).isEqualTo(Fault.OURS);
    assertThat(receiver.count()).isZero();
  }

  @Test
  void closingEndsWhatIsUnderWayAndItIsOurFault() throws Exception {
    receiver.answer(_ -> Answer.accepted().withPace(new Pace.Never()));
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Exchanged> post = executor.submit(() -> client.post(Clients.request(receiver.url())));
      assertThat(receiver.await(1, Clients.LONG)).isTrue();
      client.close();
      assertThat(post.get()).isInstanceOf(Unanswered.class);
      assertThat(((Unanswered) post.get()).fault()).isEqualTo(Fault.OURS);
    }
  }
}
