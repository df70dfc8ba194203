package dev.carillon.testkit.clash;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * The Clash of Clans API and its developer portal on 127.0.0.1: keys bound to addresses, a limit of
 * calls in any sliding second, records that change as the clock goes on, and every {@link Trouble}
 * of the real one. It notes each call to the API. Safe for use by many threads.
 */
public final class FakeClash implements AutoCloseable {

  /** What {@link Trouble#TOO_FAST_FOR_A_WHILE} and {@link Trouble#MAINTENANCE_PAGE} ask for. */
  public static final Duration RETRY_AFTER = Duration.ofSeconds(7);

  /** How long {@link Trouble#SLOW} takes. */
  public static final Duration SLOW = Duration.ofMillis(300);

  /** How long {@link Trouble#DRIPPING} waits before each byte. */
  public static final Duration DRIP = Duration.ofMillis(50);

  /** More than a caller should read, in bytes. */
  public static final int TOO_LONG = 5 * 1024 * 1024;

  /** When the first bytes of a call were there. */
  private static final ScopedValue<Long> ARRIVED = ScopedValue.newInstance();

  private static final int BACKLOG = 1024;
  private static final int MAX_BODY = 64 * 1024;
  private static final String SESSION = "session=";
  private static final String BEARER = "Bearer ";
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  static {
    // The server reads these once per process and has no other switch: see WebhookReceiver.
    if (System.getProperty("sun.net.httpserver.nodelay") == null) {
      System.setProperty("sun.net.httpserver.nodelay", "true");
    }
    if (System.getProperty("sun.net.httpserver.maxIdleConnections") == null) {
      System.setProperty("sun.net.httpserver.maxIdleConnections", "10000");
    }
  }

  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Arrivals arrivals = new Arrivals();
  private final AtomicLong breaches = new AtomicLong();
  private final DeveloperPortal portal = new DeveloperPortal();
  private final GameApi game;
  private volatile Function<String, Trouble> troubles = _ -> Trouble.NONE;
  private volatile Function<String, Trouble> portalTroubles = _ -> Trouble.NONE;
  private volatile String callerAddress = "127.0.0.1";
  private volatile int limit = Integer.MAX_VALUE;
  private volatile Duration maxAge = Duration.ofMinutes(2);
  private volatile Duration fastest = Duration.ZERO;
  private volatile Duration slowest = Duration.ZERO;

  private FakeClash(HttpServer server, InstantSource clock) {
    this.server = server;
    this.game = new GameApi(requireNonNull(clock, "clock is null"));
  }

  /** Starts the API on a free port. Its records are those of the clock's time. */
  public static FakeClash start(InstantSource clock) {
    return start(0, clock);
  }

  /**
   * Starts the API on a port of its own.
   *
   * @param port 0 for a free one
   * @throws UncheckedIOException if the port is taken
   */
  public static FakeClash start(int port, InstantSource clock) {
    try {
      InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
      HttpServer server = HttpServer.create(new InetSocketAddress(loopback, port), BACKLOG);
      FakeClash fake = new FakeClash(server, clock);
      server.createContext("/", fake::call);
      server.createContext("/api/", fake::portalCall);
      server.setExecutor(fake::handle);
      server.start();
      return fake;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The base of the API's addresses. */
  public URI apiUrl() {
    return URI.create(base() + "/v1");
  }

  /** The base of the developer portal's addresses. */
  public URI portalUrl() {
    return URI.create(base());
  }

  /** The calls to the API; those to the portal are not among them. */
  public Arrivals arrivals() {
    return arrivals;
  }

  /** How many calls came beyond the limit. */
  public long breaches() {
    return breaches.get();
  }

  /** Answers 429 to each call that is one more than this in the second up to it. */
  public void limit(int callsInASecond) {
    limit = callsInASecond;
  }

  /** How long answers say that they are fresh. */
  public void maxAge(Duration age) {
    maxAge = age;
  }

  /** How long answers take at least and less than: how long one does is by chance. */
  public void latency(Duration least, Duration most) {
    fastest = requireNonNull(least, "least is null");
    slowest = requireNonNull(most, "most is null");
  }

  /** What is done to calls from now on; the function is given their paths, by many threads. */
  public void trouble(Function<String, Trouble> ofPath) {
    troubles = requireNonNull(ofPath, "ofPath is null");
  }

  /** Does the same to all calls from now on. */
  public void trouble(Trouble trouble) {
    trouble(_ -> trouble);
  }

  /**
   * Does something to some calls from now on.
   *
   * @param seed the same calls in the same order have the same troubles
   * @param rates which part of the calls has each, from 0 to 1, together at most 1
   */
  public void troubles(long seed, Map<Trouble, Double> rates) {
    trouble(new Troubles(seed, rates));
  }

  /** What is done to calls to the portal from now on; the function is given their paths. */
  public void portalTrouble(Function<String, Trouble> ofPath) {
    portalTroubles = requireNonNull(ofPath, "ofPath is null");
  }

  /** Takes all calls from now on for calls from an address. */
  public void callerAddress(String address) {
    callerAddress = requireNonNull(address, "address is null");
  }

  /** Who may log in to the portal; without this nobody may. */
  public void account(String email, String password) {
    portal.account(email, password);
  }

  /** Makes a key by hand; there may be more than ten then. */
  public ApiKey key(String name, String address) {
    return portal.add(name, address);
  }

  /** All keys, the oldest first. */
  public List<ApiKey> keys() {
    return portal.keys();
  }

  /** How often somebody tried to log in. */
  public int logins() {
    return portal.logins();
  }

  /** Stops at once; answers that are waiting are broken off. */
  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    executor.shutdownNow();
  }

  private String base() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /**
   * The server has a call handled: its own thread does, as soon as it sees the first bytes. So a
   * call's time is not that of the thread which gets round to it.
   */
  private void handle(Runnable call) {
    long nanos = System.nanoTime();
    executor.execute(() -> ScopedValue.where(ARRIVED, nanos).run(call));
  }

  private void call(HttpExchange exchange) throws IOException {
    Arrivals.Now now = arrivals.arrived(ARRIVED.get());
    String path = exchange.getRequestURI().getRawPath();
    try (exchange) {
      exchange.getRequestBody().readNBytes(MAX_BODY);
      Trouble trouble = troubles.apply(path);
      Reply reply = TroubleReplies.reply(trouble, path, reply(exchange, path, now));
      await();
      // Noted before it is sent: whoever has the answer finds it here.
      arrivals.answered(new Arrival(now.nanos(), path, trouble.isAnswered() ? reply.status() : 0));
      send(exchange, trouble, reply);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private Reply reply(HttpExchange exchange, String path, Arrivals.Now now) {
    if (now.withinASecond() > limit) {
      breaches.incrementAndGet();
      return TroubleReplies.tooFast();
    }
    String shown = exchange.getRequestHeaders().getFirst("Authorization");
    String bearer = shown != null && shown.startsWith(BEARER) ? shown.substring(7) : "";
    Optional<ApiKey> key = portal.key(bearer);
    if (key.isEmpty()) {
      return TroubleReplies.invalidKey();
    }
    return key.get().address().equals(callerAddress)
        ? game.answer(path, maxAge)
        : TroubleReplies.invalidIp(callerAddress);
  }

  private void portalCall(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY);
      String path = exchange.getRequestURI().getRawPath();
      JsonNode json = body.length == 0 ? MAPPER.createObjectNode() : MAPPER.readTree(body);
      Trouble trouble = portalTroubles.apply(path);
      if (trouble != Trouble.NONE) {
        send(exchange, trouble, TroubleReplies.reply(trouble, path, Reply.json(200, "{}")));
        return;
      }
      var answer = portal.answer(path, session(exchange), json, callerAddress);
      Reply reply = Reply.json(answer.status(), answer.body().toString());
      send(
          exchange,
          answer.session().isEmpty()
              ? reply
              : reply.with("Set-Cookie", SESSION + answer.session() + "; Path=/; HttpOnly"));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static String session(HttpExchange exchange) {
    String cookie = exchange.getRequestHeaders().getFirst("Cookie");
    return cookie != null && cookie.startsWith(SESSION)
        ? cookie.substring(SESSION.length()).split(";")[0]
        : "";
  }

  private void send(HttpExchange exchange, Trouble trouble, Reply reply)
      throws IOException, InterruptedException {
    switch (trouble) {
      case RESET -> {
        // Closing the exchange without an answer closes the connection.
      }
      case SILENT -> closed.await();
      case DRIPPING -> drip(exchange, reply);
      case SLOW -> {
        pause(SLOW);
        send(exchange, reply);
      }
      default -> send(exchange, reply);
    }
  }

  private static void send(HttpExchange exchange, Reply reply) throws IOException {
    byte[] body = head(exchange, reply);
    exchange.getResponseBody().write(body);
  }

  private void drip(HttpExchange exchange, Reply reply) throws IOException, InterruptedException {
    byte[] body = head(exchange, reply);
    OutputStream out = exchange.getResponseBody();
    for (byte one : body) {
      pause(DRIP);
      out.write(one);
      out.flush();
    }
  }

  private static byte[] head(HttpExchange exchange, Reply reply) throws IOException {
    byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
    reply.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
    exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
    return body;
  }

  private void await() throws InterruptedException {
    long least = fastest.toNanos();
    long most = slowest.toNanos();
    if (most > least) {
      pause(Duration.ofNanos(ThreadLocalRandom.current().nextLong(least, most)));
    }
  }

  private void pause(Duration wait) throws InterruptedException {
    if (closed.await(wait.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new InterruptedException("the API was closed");
    }
  }
}
