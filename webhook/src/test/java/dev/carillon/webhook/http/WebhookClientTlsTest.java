package dev.carillon.webhook.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.webhook.http.Exchanged.Answered;
import dev.carillon.webhook.http.Exchanged.Unanswered;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WebhookClientTlsTest {

  private static final Authority OURS = new Authority();
  private static final ClientTls TRUST = new ClientTls(null, null, OURS.pem());

  private final WebhookClient client = Clients.client();

  @AfterEach
  void close() {
    client.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"hooks.example", "127.0.0.1"})
  void aReceiverOfAnAuthorityOfTheEndpointIsTrusted(String host) throws Exception {
    try (TlsReceiver receiver = TlsReceiver.start(OURS.context(OURS.server(host)), false)) {
      Exchanged exchanged = client.post(Clients.request(receiver.url(host), TRUST));
      assertThat(exchanged).isInstanceOf(Answered.class);
      assertThat(exchanged.timings().tls()).isPositive();
    }
  }

  @Test
  void aReceiverOfAnUnknownAuthorityIsNotTrusted() throws Exception {
    try (TlsReceiver receiver = TlsReceiver.start(OURS.context(OURS.server("a.example")), false)) {
      ClientTls other = new ClientTls(null, null, new Authority().pem());
      assertThat(failure(receiver, "a.example", null))
          .isEqualTo(
              "ENDPOINT: TLS failed: no trusted authority has signed the receiver's certificate");
      assertThat(failure(receiver, "a.example", other))
          .isEqualTo("ENDPOINT: TLS failed: the receiver's certificate is not acceptable");
      assertThat(receiver.clients()).isEmpty();
    }
  }

  @Test
  void aReceiverOfAnotherNameIsNotTrusted() throws Exception {
    try (TlsReceiver receiver = TlsReceiver.start(OURS.context(OURS.server("a.example")), false)) {
      String reason = "ENDPOINT: TLS failed: the receiver's certificate is for another host name";
      assertThat(failure(receiver, "b.example", TRUST)).isEqualTo(reason);
      assertThat(failure(receiver, "127.0.0.1", TRUST)).isEqualTo(reason);
    }
  }

  @Test
  void aReceiverWhoseCertificateHasExpiredIsNotTrusted() throws Exception {
    try (TlsReceiver receiver =
        TlsReceiver.start(OURS.context(OURS.expiredServer("a.example")), false)) {
      assertThat(failure(receiver, "a.example", TRUST))
          .isEqualTo("ENDPOINT: TLS failed: the receiver's certificate has expired");
    }
  }

  @Nested
  class AReceiverThatAsksForACertificate {

    private final TlsReceiver receiver =
        TlsReceiver.start(OURS.context(OURS.server("a.example")), true);

    @AfterEach
    void close() {
      receiver.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519"})
    void getsTheEndpoints(String algorithm) throws Exception {
      assertThat(post(tls("client-" + algorithm, algorithm))).isInstanceOf(Answered.class);
      assertThat(receiver.clients()).containsExactly("CN=client-" + algorithm);
    }

    @Test
    void refusesWhoHasNone() throws Exception {
      assertThat(failure(receiver, "a.example", TRUST))
          // In TLS 1.3 the refusal comes after the handshake, and a reset may overtake it.
          .startsWith("ENDPOINT: ");
      assertThat(receiver.clients()).isEmpty();
    }

    @Test
    void refusesOneOfAnotherAuthority() throws Exception {
      Authority.Identity stranger = new Authority().client("stranger", "EC");
      ClientTls tls = new ClientTls(stranger.certificatePem(), stranger.keyPem(), OURS.pem());
      assertThat(failure(receiver, "a.example", tls)).startsWith("ENDPOINT: ");
      assertThat(receiver.clients()).isEmpty();
    }

    @Test
    void neverSeesOneEndpointOverTheConnectionOfAnother() throws Exception {
      ClientTls a = tls("a", "EC");
      ClientTls b = tls("b", "EC");
      post(a);
      post(b);
      post(a);
      post(b);
      assertThat(receiver.clients()).containsExactly("CN=a", "CN=b", "CN=a", "CN=b");
      assertThat(receiver.ports().get(2)).isEqualTo(receiver.ports().get(0));
      assertThat(receiver.ports().get(3)).isEqualTo(receiver.ports().get(1));
    }

    private Exchanged post(ClientTls tls) throws InterruptedException {
      return client.post(Clients.request(receiver.url("a.example"), tls));
    }

    private static ClientTls tls(String name, String algorithm) {
      Authority.Identity own = OURS.client(name, algorithm);
      return new ClientTls(own.certificatePem(), own.keyPem(), OURS.pem());
    }
  }

  @Test
  void theTrustOfOneEndpointIsNotThatOfAnother() throws Exception {
    try (TlsReceiver receiver = TlsReceiver.start(OURS.context(OURS.server("a.example")), false)) {
      client.post(Clients.request(receiver.url("a.example"), TRUST));
      assertThat(failure(receiver, "a.example", null)).startsWith("ENDPOINT: TLS failed");
      assertThat(receiver.clients()).hasSize(1);
    }
  }

  private String failure(TlsReceiver receiver, String host, @Nullable ClientTls tls)
      throws InterruptedException {
    Exchanged exchanged = client.post(Clients.request(receiver.url(host), tls));
    assertThat(exchanged).isInstanceOf(Unanswered.class);
    Unanswered unanswered = (Unanswered) exchanged;
    return unanswered.fault() + ": " + unanswered.reason();
  }
}
