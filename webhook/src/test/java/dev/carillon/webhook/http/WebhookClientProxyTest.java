package dev.carillon.webhook.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.receiver.Answer;
import dev.carillon.testkit.receiver.WebhookReceiver;
import dev.carillon.webhook.address.NameResolver;
import dev.carillon.webhook.http.Exchanged.Answered;
import dev.carillon.webhook.http.Exchanged.Unanswered;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class WebhookClientProxyTest {

  private static final URI ANYWHERE = URI.create("https://a.example/?token=hunter2");

  @Test
  void httpGoesThroughATunnelToTheAddressThatWasChecked() throws Exception {
    try (WebhookReceiver receiver = WebhookReceiver.start(InstantSource.system(), List.of());
        ConnectProxy proxy = ConnectProxy.open();
        WebhookClient client = Clients.client(address(proxy))) {
      receiver.answer(_ -> Answer.accepted());
      URI url = URI.create("http://a.example:" + receiver.url().getPort() + "/hook");
      assertThat(client.post(Clients.request(url))).isInstanceOf(Answered.class);
      assertThat(client.post(Clients.request(url)).timings().connect()).isNull();
      String target = "127.0.0.1:" + url.getPort();
      assertThat(proxy.heads())
          .containsExactly("CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n\r\n");
      assertThat(receiver.deliveries().getFirst().headers())
          .containsEntry("host", "a.example:" + url.getPort());
    }
  }

  @Test
  void httpsGoesThroughATunnelAndTheNameIsVerified() throws Exception {
    Authority authority = new Authority();
    ClientTls trust = new ClientTls(null, null, authority.pem());
    try (TlsReceiver receiver =
            TlsReceiver.start(authority.context(authority.server("a.example")), false);
        ConnectProxy proxy = ConnectProxy.open();
        WebhookClient client = Clients.client(address(proxy))) {
      assertThat(client.post(Clients.request(receiver.url("a.example"), trust)))
          .isInstanceOf(Answered.class);
      assertThat(client.post(Clients.request(receiver.url("b.example"), trust)))
          .isInstanceOf(Unanswered.class);
      assertThat(proxy.heads()).hasSize(2).allMatch(head -> head.startsWith("CONNECT 127.0.0.1:"));
    }
  }

  @Test
  void theProxyIsToldUserAndPassword() throws Exception {
    try (WebhookReceiver receiver = WebhookReceiver.start(InstantSource.system(), List.of());
        ConnectProxy proxy = ConnectProxy.open();
        WebhookClient client =
            Clients.client(new ProxyAddress("127.0.0.1", proxy.port(), "Aladdin", "open sesame"))) {
      client.post(Clients.request(receiver.url()));
      // The example of RFC 7617, section 2.
      assertThat(proxy.heads().getFirst())
          .contains("\r\nProxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n");
      assertThat(receiver.deliveries().getFirst().headers())
          .doesNotContainKey("proxy-authorization");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "502, ENDPOINT, the proxy does not reach the host (HTTP 502)",
    "504, ENDPOINT, the proxy does not reach the host (HTTP 504)",
    "403, ENDPOINT, the proxy does not reach the host (HTTP 403)",
    "503, OURS, the proxy refused to connect (HTTP 503)",
    "407, OURS, the proxy does not accept our user and password (HTTP 407)",
    "500, OURS, the proxy refused to connect (HTTP 500)",
    "302, OURS, the proxy refused to connect (HTTP 302)",
    "101, OURS, the proxy refused to connect (HTTP 101)"
  })
  void aRefusalIsOursUnlessTheProxyCouldNotReachTheReceiver(
      String status, Fault fault, String reason) throws Exception {
    assertThat(failure("HTTP/1.1 " + status + " No\r\nContent-Length: 0\r\n\r\n"))
        .isEqualTo(fault + ": " + reason);
  }

  @ParameterizedTest
  @CsvSource({
    "SSH-2.0-OpenSSH, the proxy broke the connection before its answer",
    "'SSH-2.0-OpenSSH\n\n', the proxy's answer is not HTTP",
    "'HTTP/2 200 OK\r\n\r\n', the proxy's answer is not HTTP",
    "'', the proxy broke the connection before its answer"
  })
  void anAnswerThatIsNotHttpIsOurs(String answer, String reason) throws Exception {
    assertThat(failure(answer)).isEqualTo("OURS: " + reason);
  }

  @Test
  void anAnswerWithoutEndIsOurs() throws Exception {
    assertThat(failure("HTTP/1.1 403 No\r\nX: " + "x".repeat(100_000)))
        .isEqualTo("OURS: the head of the proxy's answer is too large");
  }

  @Test
  void aProxyThatIsNotThereIsOurs() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      port = free.getLocalPort();
    }
    try (WebhookClient client = Clients.client(new ProxyAddress("127.0.0.1", port, null, null))) {
      assertThat(failure(client.post(Clients.request(ANYWHERE))))
          .isEqualTo("OURS: the proxy could not be reached");
    }
    try (WebhookClient client = Clients.client(new ProxyAddress("no.invalid", port, null, null))) {
      assertThat(failure(client.post(Clients.request(ANYWHERE))))
          .isEqualTo("OURS: the proxy's host name was not found");
    }
  }

  @Test
  void aProxyThatDoesNotAnswerMayBeWaitingForTheReceiver() throws Exception {
    try (RawServer silent = RawServer.start(connection -> connection.pause(Clients.LONG));
        WebhookClient client =
            new WebhookClient(
                config(
                    Clients.SHORT,
                    Clients.NAMES,
                    new ProxyAddress("127.0.0.1", silent.url("http").getPort(), null, null)))) {
      assertThat(failure(client.post(Clients.request(ANYWHERE))))
          .isEqualTo("ENDPOINT: time-out after 200 ms waiting for the proxy to connect");
    }
  }

  @Test
  void theProxysOwnAddressIsTheOperatorsButTheReceiversIsChecked() throws Exception {
    NameResolver inside = _ -> new InetAddress[] {InetAddress.ofLiteral("10.0.0.1")};
    try (ConnectProxy proxy = ConnectProxy.open();
        WebhookClient client = new WebhookClient(config(Clients.LONG, inside, address(proxy)))) {
      assertThat(failure(client.post(Clients.request(ANYWHERE)))).startsWith("REFUSED: ");
      assertThat(proxy.heads()).isEmpty();
    }
  }

  private static String failure(String answer) throws Exception {
    try (ConnectProxy proxy = ConnectProxy.answering(_ -> answer);
        WebhookClient client = Clients.client(address(proxy))) {
      return failure(client.post(Clients.request(ANYWHERE)));
    }
  }

  private static String failure(Exchanged exchanged) {
    assertThat(exchanged).isInstanceOf(Unanswered.class);
    Unanswered unanswered = (Unanswered) exchanged;
    assertThat(unanswered.reason()).doesNotContain("hunter2", "127.0.0.1");
    return unanswered.fault() + ": " + unanswered.reason();
  }

  private static ClientConfig config(
      Duration connectTimeout, NameResolver names, ProxyAddress proxy) {
    return new ClientConfig(connectTimeout, 10, Clients.LOOPBACK, names, proxy, "Test/1");
  }

  private static ProxyAddress address(ConnectProxy proxy) {
    return new ProxyAddress("127.0.0.1", proxy.port(), null, null);
  }
}
