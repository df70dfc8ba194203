package dev.carillon.refresh.queue;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisPooled;
import redis.clients.jedis.UnifiedJedis;

/**
 * Where a Redis server is and how to log in: {@code redis://USER:PASSWORD@HOST:PORT/DATABASE}, with
 * {@code rediss} for TLS. Never shows the password.
 *
 * @param host a name or an address
 * @param port 1 to 65535
 * @param tls whether the connection is encrypted, and the server's certificate checked
 * @param user null for the default user
 * @param password null if none is needed
 * @param database the number of the database
 */
public record RedisUrl(
    String host,
    int port,
    boolean tls,
    @Nullable String user,
    @Nullable String password,
    int database) {

  /** The port unless something else is said. */
  public static final int DEFAULT_PORT = 6379;

  /** The highest number of a database. */
  public static final int MAX_DATABASE = 9_999;

  /** How long a connection may take to open, and an answer to come. */
  public static final Duration TIMEOUT = Duration.ofSeconds(5);

  /** How many connections are open at most. */
  public static final int POOL_SIZE = 16;

  private static final Pattern DATABASE = Pattern.compile("/?|/[0-9]{1,4}");

  public RedisUrl {
    requireNonNull(host, "host is null");
  }

  /**
   * Reads a URL. The password, like the user, may be percent-encoded.
   *
   * @throws IllegalArgumentException if it is none; the message shows nothing of it
   */
  public static RedisUrl parse(String url) {
    URI uri = uri(url);
    boolean tls = "rediss".equalsIgnoreCase(uri.getScheme());
    if (!tls && !"redis".equalsIgnoreCase(uri.getScheme())) {
      throw broken("it must start with redis:// or rediss://");
    }
    String host = uri.getHost();
    if (host == null || host.isEmpty()) {
      throw broken("it must name a host, and other characters of a password must be %-encoded");
    }
    if (uri.getPort() == 0 || uri.getPort() > 65_535) {
      throw broken("the port must be from 1 to 65535");
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw broken("nothing may follow the database, and ? and # in a password must be %-encoded");
    }
    Login login = login(uri.getRawUserInfo());
    return new RedisUrl(
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
        uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
        tls,
        login.user(),
        login.password(),
        database(uri.getRawPath()));
  }

  /**
   * A pool of connections to it. Nothing is dialled before the first call. One that broke, as when
   * the server was restarted, is replaced when it is next wanted.
   */
  public UnifiedJedis open() {
    DefaultJedisClientConfig client =
        DefaultJedisClientConfig.builder()
            .user(user)
            .password(password)
            .database(database)
            .ssl(tls)
            .connectionTimeoutMillis((int) TIMEOUT.toMillis())
            .socketTimeoutMillis((int) TIMEOUT.toMillis())
            .clientName("carillon")
            .build();
    ConnectionPoolConfig pool = new ConnectionPoolConfig();
    pool.setMaxTotal(POOL_SIZE);
    pool.setMaxIdle(POOL_SIZE);
    pool.setMaxWait(TIMEOUT);
    pool.setTestOnBorrow(true);
    return new JedisPooled(pool, new HostAndPort(host, port), client);
  }

  /** The URL without user and password. */
  @Override
  public String toString() {
    String shown = host.contains(":") ? "[" + host + "]" : host;
    return "%s://%s:%d/%d".formatted(tls ? "rediss" : "redis", shown, port, database);
  }

  private record Login(@Nullable String user, @Nullable String password) {}

  /** {@link URISyntaxException} would show the text. */
  private static URI uri(String url) {
    try {
      return new URI(url.strip());
    } catch (URISyntaxException _) {
      throw broken("it has characters that must be %-encoded");
    }
  }

  private static Login login(@Nullable String userInfo) {
    if (userInfo == null || userInfo.isEmpty()) {
      return new Login(null, null);
    }
    int colon = userInfo.indexOf(':');
    if (colon < 0) {
      throw broken("before @ it must have USER:PASSWORD, or :PASSWORD for the default user");
    }
    String user = decoded(userInfo.substring(0, colon));
    String password = decoded(userInfo.substring(colon + 1));
    if (password.isEmpty()) {
      throw broken("the password is empty");
    }
    return new Login(user.isEmpty() ? null : user, password);
  }

  /** {@link URLDecoder} takes a plus for a space, as forms do. */
  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static int database(String path) {
    if (!DATABASE.matcher(path).matches()) {
      throw broken("after the host it may have the database, a number from 0 to " + MAX_DATABASE);
    }
    return path.length() <= 1 ? 0 : Integer.parseInt(path.substring(1));
  }

  private static IllegalArgumentException broken(String why) {
    return new IllegalArgumentException(
        "this is no URL of Redis such as rediss://user:password@host:6379/0: " + why);
  }
}
