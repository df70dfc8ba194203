package dev.carillon.webhook.delivery;

import dev.carillon.webhook.address.AddressPolicy;
import dev.carillon.webhook.address.NameResolver;
import dev.carillon.webhook.endpoint.StatusPolicy;
import dev.carillon.webhook.http.ClientConfig;
import dev.carillon.webhook.http.WebhookClient;
import dev.carillon.webhook.sign.SigningKey;
import dev.carillon.webhook.sign.WebhookSigner;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** What tests send with. */
final class Senders {

  private static final AddressPolicy LOOPBACK = AddressPolicy.strict().withLoopback().withHttp();

  private Senders() {}

  /** A client that may dial loopback; names of the domain "invalid" do not resolve. */
  static WebhookClient client() {
    return client(Senders::resolve);
  }

  /** A client that may dial loopback and asks this resolver. */
  static WebhookClient client(NameResolver names) {
    return client(LOOPBACK, names);
  }

  /** A client that may dial the internet and nothing else. */
  static WebhookClient strictClient() {
    return client(AddressPolicy.strict().withHttp(), Senders::resolve);
  }

  /** A receiver with a short time, and all else as where nobody chose. */
  static Receiver receiver(URI url, Duration timeout, SigningKey... keys) {
    return new Receiver(
        UUID.randomUUID(),
        url,
        new WebhookSigner(List.of(keys)),
        null,
        StatusPolicy.CARILLON,
        null,
        timeout);
  }

  private static WebhookClient client(AddressPolicy addresses, NameResolver names) {
    return new WebhookClient(
        new ClientConfig(
            Duration.ofSeconds(30), 1_000, addresses, names, null, WebhookTarget.USER_AGENT));
  }

  private static InetAddress[] resolve(String host) throws UnknownHostException {
    if (host.endsWith(".invalid")) {
      throw new UnknownHostException(host + ": Name or service not known");
    }
    boolean literal = host.contains(":") || host.matches("[0-9.]+");
    return new InetAddress[] {InetAddress.ofLiteral(literal ? host : "127.0.0.1")};
  }
}
