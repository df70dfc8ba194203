package dev.carillon.server.settings;

import dev.carillon.postgres.Database;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A database's address as {@code DATABASE_URL} gives it: {@code postgres://} or {@code
 * postgresql://} as in PostgreSQL's manual, section 34.1.1.2 "Connection URIs", or {@code
 * jdbc:postgresql:}.
 */
final class DatabaseUrl {

  static final String ALLOWED =
      "postgresql://user:password@host:port/database?parameters, the same with postgres://, or"
          + " jdbc:postgresql://...";

  private static final String JDBC = "jdbc:postgresql://";

  private DatabaseUrl() {}

  static Optional<Database.Address> parse(String text, int poolSize) {
    if (text.startsWith(JDBC) && text.length() > JDBC.length()) {
      return Optional.of(new Database.Address(text, null, null, poolSize));
    }
    if (!text.startsWith("postgres://") && !text.startsWith("postgresql://")) {
      return Optional.empty();
    }
    try {
      URI uri = new URI(text);
      return uri.getHost() == null ? Optional.empty() : Optional.of(address(uri, poolSize));
    } catch (URISyntaxException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Database.Address address(URI uri, int poolSize) {
    StringBuilder jdbc = new StringBuilder(JDBC).append(uri.getHost());
    if (uri.getPort() >= 0) {
      jdbc.append(':').append(uri.getPort());
    }
    String path = uri.getRawPath();
    jdbc.append(path.isEmpty() ? "/" : path);
    if (uri.getRawQuery() != null) {
      jdbc.append('?').append(uri.getRawQuery());
    }
    String userInfo = uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo();
    int colon = userInfo.indexOf(':');
    String user = decoded(colon < 0 ? userInfo : userInfo.substring(0, colon));
    String password = colon < 0 ? null : decoded(userInfo.substring(colon + 1));
    return new Database.Address(jdbc.toString(), user, password, poolSize);
  }

  private static @Nullable String decoded(String text) {
    // URLDecoder is for forms, where + is a blank; in an address it is a plus.
    return text.isEmpty()
        ? null
        : URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
