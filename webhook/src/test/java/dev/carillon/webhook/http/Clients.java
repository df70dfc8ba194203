package dev.carillon.webhook.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carillon.webhook.address.AddressPolicy;
import dev.carillon.webhook.address.NameResolver;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Clients that may dial loopback addresses, and their requests. */
final class Clients {

  static final Duration SHORT = Duration.ofMillis(200);
  static final Duration LONG = Duration.ofSeconds(30);

  // A free port may be one that is usually somebody else's.
  private static final Set<Integer> ANY_PORT =
      IntStream.rangeClosed(1, 65_535).boxed().collect(Collectors.toUnmodifiableSet());

  static final AddressPolicy LOOPBACK =
      AddressPolicy.strict().withLoopback().withHttp().withPorts(ANY_PORT);

  /** Every name but those of the domain "invalid" is this host; literals are themselves. */
  static final NameResolver NAMES = Clients::resolve;

  private static final String BODY = "{\"message\":\"Hey, Zoë 🎂\"}";

  private Clients() {}

  static WebhookClient client() {
    return client(LONG, 10);
  }

  static WebhookClient client(Duration connectTimeout, int connections) {
    return new WebhookClient(
        new ClientConfig(connectTimeout, connections, LOOPBACK, NAMES, null, "Test/1"));
  }

  static WebhookClient client(NameResolver names) {
    return new WebhookClient(new ClientConfig(LONG, 10, LOOPBACK, names, null, "Test/1"));
  }

  static WebhookClient client(ProxyAddress proxy) {
    return new WebhookClient(new ClientConfig(LONG, 10, LOOPBACK, NAMES, proxy, "Test/1"));
  }

  static WebhookRequest request(URI url) {
    return request(url, LONG, null);
  }

  static WebhookRequest request(URI url, Duration timeout) {
    return request(url, timeout, null);
  }

  static WebhookRequest request(URI url, @Nullable ClientTls tls) {
    return request(url, LONG, tls);
  }

  private static WebhookRequest request(URI url, Duration timeout, @Nullable ClientTls tls) {
    Map<String, String> headers = Map.of("webhook-id", "msg_1", "content-type", "application/json");
    return new WebhookRequest(url, headers, BODY.getBytes(UTF_8), timeout, tls);
  }

  private static InetAddress[] resolve(String host) throws UnknownHostException {
    if (host.endsWith(".invalid")) {
      throw new UnknownHostException(host + ": Name or service not known");
    }
    boolean literal = host.contains(":") || host.matches("[0-9.]+");
    return new InetAddress[] {InetAddress.ofLiteral(literal ? host : "127.0.0.1")};
  }
}
