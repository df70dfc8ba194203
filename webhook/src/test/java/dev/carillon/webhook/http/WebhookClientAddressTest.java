package dev.carillon.webhook.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.receiver.Answer;
import dev.carillon.testkit.receiver.WebhookReceiver;
import dev.carillon.webhook.address.AddressPolicy;
import dev.carillon.webhook.address.NameResolver;
import dev.carillon.webhook.http.Exchanged.Answered;
import dev.carillon.webhook.http.Exchanged.Unanswered;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WebhookClientAddressTest {

  private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
  private static final InetAddress INSIDE = InetAddress.ofLiteral("10.0.0.1");

  private final WebhookReceiver receiver = WebhookReceiver.start(InstantSource.system(), List.of());

  @BeforeEach
  void accept() {
    receiver.answer(_ -> Answer.accepted());
  }

  @AfterEach
  void close() {
    receiver.close();
  }

  @ParameterizedTest
  @CsvSource({
    "a.example, a.example",
    "a.example., a.example",
    "127.0.0.1, 127.0.0.1",
    "[::1], ::1",
    "localhost, localhost"
  })
  void everyHostGoesThroughTheResolver(String host, String asked) throws Exception {
    List<String> names = new CopyOnWriteArrayList<>();
    NameResolver recording =
        name -> {
          names.add(name);
          return new InetAddress[] {HERE};
        };
    try (WebhookClient client = Clients.client(recording)) {
      assertThat(client.post(Clients.request(url(host)))).isInstanceOf(Answered.class);
      assertThat(names).containsExactly(asked);
    }
  }

  @Test
  void oneBadAddressAmongGoodOnesIsRefused() throws Exception {
    NameResolver mixed = _ -> new InetAddress[] {HERE, INSIDE};
    try (WebhookClient client = Clients.client(mixed)) {
      assertThat(failure(client.post(Clients.request(url("a.example"))))).startsWith("REFUSED: ");
      assertThat(receiver.count()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1", "https://127.0.0.1"})
  void aLiteralIsRefusedLikeAName(String start) throws Exception {
    ClientConfig config =
        new ClientConfig(
            Clients.LONG, 1, AddressPolicy.strict().withHttp(), Clients.NAMES, null, "Test/1");
    try (WebhookClient client = new WebhookClient(config)) {
      URI url = URI.create(start + ":" + receiver.url().getPort());
      assertThat(failure(client.post(Clients.request(url)))).startsWith("REFUSED: ");
      assertThat(receiver.count()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://a.example/", "ftp://a.example/", "mailto:a@example.com", "/hook"})
  void anAddressIsRefusedBeforeItsNameIsLookedUp(String url) throws Exception {
    List<String> names = new CopyOnWriteArrayList<>();
    NameResolver recording =
        name -> {
          names.add(name);
          return new InetAddress[] {HERE};
        };
    ClientConfig config =
        new ClientConfig(Clients.LONG, 1, AddressPolicy.strict(), recording, null, "Test/1");
    try (WebhookClient client = new WebhookClient(config)) {
      assertThat(failure(client.post(Clients.request(URI.create(url))))).startsWith("REFUSED: ");
      assertThat(names).isEmpty();
    }
  }

  @Test
  void aNameThatChangesItsMindIsDialledAtTheAddressThatWasChecked() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    NameResolver rebinding = _ -> new InetAddress[] {asked.incrementAndGet() == 1 ? HERE : INSIDE};
    try (WebhookClient client = Clients.client(rebinding)) {
      receiver.answer(_ -> Answer.accepted().withHeader("Connection", "close"));
      assertThat(client.post(Clients.request(url("a.example")))).isInstanceOf(Answered.class);
      assertThat(asked).hasValue(1);
      assertThat(failure(client.post(Clients.request(url("a.example"))))).startsWith("REFUSED: ");
      assertThat(receiver.count()).isOne();
    }
  }

  @Test
  void theNextAddressIsTriedWhereOneDoesNotAnswer() throws Exception {
    NameResolver two = _ -> new InetAddress[] {InetAddress.ofLiteral("127.0.0.2"), HERE};
    try (WebhookClient client = Clients.client(two)) {
      assertThat(client.post(Clients.request(url("a.example")))).isInstanceOf(Answered.class);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "a: Name or service not known, ENDPOINT, the host name was not found",
    "a: No address associated with hostname, ENDPOINT, the host name was not found",
    "a, ENDPOINT, the host name was not found",
    "a: Temporary failure in name resolution, OURS, our name resolver does not answer",
    "a: Try again, OURS, our name resolver does not answer",
    "a: System error, OURS, our name resolver does not answer"
  })
  void aNameThatIsNotFoundIsTheEndpointsFaultAndAResolverThatFailsIsOurs(
      String message, Fault fault, String reason) throws Exception {
    NameResolver failing =
        _ -> {
          throw new UnknownHostException(message);
        };
    try (WebhookClient client = Clients.client(failing)) {
      assertThat(failure(client.post(Clients.request(url("a.example")))))
          .isEqualTo(fault + ": " + reason);
    }
  }

  @Test
  void aResolverThatBreaksIsOurs() throws Exception {
    NameResolver broken =
        _ -> {
          throw new IllegalStateException("hunter2");
        };
    try (WebhookClient client = Clients.client(broken)) {
      assertThat(failure(client.post(Clients.request(url("a.example")))))
          .isEqualTo("OURS: our name resolver failed");
    }
  }

  @Test
  void aNameWithoutAddressIsNotFound() throws Exception {
    try (WebhookClient client = Clients.client(_ -> new InetAddress[0])) {
      assertThat(failure(client.post(Clients.request(url("a.example")))))
          .isEqualTo("ENDPOINT: the host name was not found");
    }
  }

  @Test
  void aResolverThatHangsCostsItsOwnNameAloneAndNoMoreThanTheTimeout() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    AtomicInteger hanging = new AtomicInteger();
    NameResolver slow =
        name -> {
          if (name.startsWith("slow")) {
            hanging.incrementAndGet();
            awaitQuietly(done);
          }
          return new InetAddress[] {HERE};
        };
    ClientConfig config =
        new ClientConfig(Clients.LONG, 500, Clients.LOOPBACK, slow, null, "Test/1");
    try (WebhookClient client = new WebhookClient(config);
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      WebhookRequest request = Clients.request(url("slow.example"), Clients.SHORT);
      var all =
          IntStream.range(0, 200)
              .mapToObj(_ -> executor.submit(() -> client.post(request)))
              .toList();
      assertThat(client.post(Clients.request(url("fast.example")))).isInstanceOf(Answered.class);
      for (var one : all) {
        assertThat(failure(one.get())).isEqualTo("OURS: time-out looking up the host name");
      }
      assertThat(hanging).hasValue(1);
      done.countDown();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private URI url(String host) {
    return URI.create("http://" + host + ":" + receiver.url().getPort() + "/?token=hunter2");
  }

  private static String failure(Exchanged exchanged) {
    assertThat(exchanged).isInstanceOf(Unanswered.class);
    Unanswered unanswered = (Unanswered) exchanged;
    assertThat(unanswered.reason()).doesNotContain("hunter2");
    return unanswered.fault() + ": " + unanswered.reason();
  }
}
