package dev.carillon.testkit.receiver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * An HTTP server on 127.0.0.1 that receives webhooks: it checks each signature by code of its own,
 * keeps and counts what arrived, and answers as it is told to. Without being told it answers 204 to
 * a signed delivery and 401 to any other. Safe for use by many threads; cheap enough for tens of
 * thousands of deliveries.
 */
public final class WebhookReceiver implements AutoCloseable {

  /** The deliveries kept whole; of older ones only the tally remains. */
  public static final int MAX_KEPT = 100_000;

  /** The most of a delivery's body that is read, in bytes. */
  public static final int MAX_BODY = 1024 * 1024;

  private static final int BACKLOG = 1024;
  private static final String PATH = "/webhooks";

  static {
    // The server reads these once per process and has no other switch. Without the first an answer
    // with a body waits for a delayed acknowledgement (40 ms); without the second it drops
    // keep-alive connections beyond 200 under the sender's feet.
    setDefault("sun.net.httpserver.nodelay", "true");
    setDefault("sun.net.httpserver.maxIdleConnections", "10000");
  }

  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final DeliveryLog log = new DeliveryLog(MAX_KEPT);
  private final InstantSource clock;
  private final SignatureCheck signatures;
  private volatile Function<Delivery, Answer> answers =
      delivery -> delivery.signed() ? Answer.accepted() : Answer.status(401);

  private WebhookReceiver(HttpServer server, InstantSource clock, List<String> secrets) {
    this.server = server;
    this.clock = requireNonNull(clock, "clock is null");
    this.signatures = new SignatureCheck(secrets);
  }

  /**
   * Starts a receiver on a free port.
   *
   * @param clock dates the deliveries
   * @param secrets the {@code whsec_} secrets that the receiver trusts
   */
  public static WebhookReceiver start(InstantSource clock, List<String> secrets) {
    return start(0, clock, secrets);
  }

  /**
   * Starts a receiver on a port of its own.
   *
   * @param port 0 for a free one
   * @throws UncheckedIOException if the port is taken
   */
  public static WebhookReceiver start(int port, InstantSource clock, List<String> secrets) {
    try {
      InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
      HttpServer server = HttpServer.create(new InetSocketAddress(loopback, port), BACKLOG);
      WebhookReceiver receiver = new WebhookReceiver(server, clock, secrets);
      server.createContext("/", receiver::receive);
      server.setExecutor(receiver.executor);
      server.start();
      return receiver;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where to deliver to. Any other path is received too. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + PATH);
  }

  /** Says how deliveries from now on are answered. The function is called by many threads. */
  public void answer(Function<Delivery, Answer> by) {
    answers = requireNonNull(by, "by is null");
  }

  /** What arrived, the earliest first; the last {@link #MAX_KEPT} of it. */
  public List<Delivery> deliveries() {
    return log.kept();
  }

  /** How many deliveries arrived in all. */
  public int count() {
    return log.count();
  }

  /** How often each webhook id arrived and was accepted. */
  public Map<String, Tally> tallies() {
    return log.tallies();
  }

  /** Waits until that many deliveries have arrived in all; false if they did not in time. */
  public boolean await(int count, Duration atMost) throws InterruptedException {
    return log.await(count, atMost);
  }

  /** Stops at once; answers that are waiting are broken off. */
  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    executor.shutdownNow();
  }

  private void receive(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY);
      Delivery delivery = delivery(exchange, body);
      Answer answer = answers.apply(delivery);
      log.decided(delivery, answer.accepts());
      send(exchange, answer);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private Delivery delivery(HttpExchange exchange, byte[] body) {
    Map<String, String> headers = new HashMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
    String id = headers.getOrDefault("webhook-id", "");
    boolean signed = signatures.verifies(exchange.getRequestHeaders(), body);
    return new Delivery(
        id, log.arrived(id), headers, new String(body, UTF_8), clock.instant(), signed);
  }

  private void send(HttpExchange exchange, Answer answer) throws IOException, InterruptedException {
    switch (answer.pace()) {
      case Pace.AtOnce _ -> sendWhole(exchange, answer);
      case Pace.After after -> {
        pause(after.delay());
        sendWhole(exchange, answer);
      }
      case Pace.Never _ -> closed.await();
      case Pace.Dripping dripping -> drip(exchange, answer, dripping.gap());
    }
  }

  private static void sendWhole(HttpExchange exchange, Answer answer) throws IOException {
    byte[] body = answer.body().getBytes(UTF_8);
    sendHead(exchange, answer, body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  private void drip(HttpExchange exchange, Answer answer, Duration gap)
      throws IOException, InterruptedException {
    byte[] body = answer.body().getBytes(UTF_8);
    sendHead(exchange, answer, body.length);
    OutputStream out = exchange.getResponseBody();
    for (byte one : body) {
      pause(gap);
      out.write(one);
      out.flush();
    }
  }

  private static void sendHead(HttpExchange exchange, Answer answer, int length)
      throws IOException {
    answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
    exchange.sendResponseHeaders(answer.status(), length == 0 ? -1 : length);
  }

  private void pause(Duration wait) throws InterruptedException {
    if (closed.await(wait.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new InterruptedException("the receiver was closed");
    }
  }

  private static void setDefault(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
