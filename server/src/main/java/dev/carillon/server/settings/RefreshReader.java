package dev.carillon.server.settings;

import dev.carillon.refresh.clash.ClashAccess;
import dev.carillon.refresh.clash.ClashSettings;
import dev.carillon.refresh.queue.RedisUrl;
import dev.carillon.server.settings.Settings.Refresh;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the variables of {@link Refresh}. No problem repeats a value: most are secrets. */
final class RefreshReader {

  /** The list that others put requests into, unless something else is said. */
  static final String DEFAULT_INBOX = "refresh_queue";

  private static final String KEYS = "COC_KEYS";
  private static final String EMAIL = "COC_EMAIL";
  private static final String PASSWORD = "COC_PASSWORD";
  private static final String REDIS = "REDIS_URL";
  private static final int DEFAULT_RATE = 10;
  private static final int MAX_RATE = (int) ClashSettings.MAX_LIMIT;

  // A key has neither.
  private static final Pattern BETWEEN_KEYS = Pattern.compile("[\\s,]+");
  private static final Pattern INBOX = Pattern.compile("[\\x21-\\x7e]{1,128}");

  private final Variables variables;

  RefreshReader(Variables variables) {
    this.variables = variables;
  }

  Refresh read() {
    return new Refresh(
        clash(),
        redis(),
        variables.read(
            "REFRESH_INBOX",
            DEFAULT_INBOX,
            "the key of a list in Redis, of 1 to 128 characters without blanks,",
            text -> Optional.of(text).filter(INBOX.asMatchPredicate())));
  }

  private @Nullable RedisUrl redis() {
    String text = variables.text(REDIS);
    try {
      return text == null ? null : RedisUrl.parse(text);
    } catch (IllegalArgumentException e) {
      variables.problem("%s (not shown): %s".formatted(REDIS, e.getMessage()));
      return null;
    }
  }

  private @Nullable ClashSettings clash() {
    URI api = variables.url("COC_BASE_URL");
    URI portal = variables.url("COC_PORTAL_URL");
    int rate = variables.integer("COC_REQS_PER_SEC", DEFAULT_RATE, 1, MAX_RATE);
    try {
      ClashAccess access = access();
      return access == null
          ? null
          : ClashSettings.of(access)
              .at(
                  api == null ? ClashSettings.DEFAULT_API : api,
                  portal == null ? ClashSettings.DEFAULT_PORTAL : portal)
              .withLimit(rate);
    } catch (IllegalArgumentException e) {
      variables.problem(String.valueOf(e.getMessage()));
      return null;
    }
  }

  /** Keys made by hand go before an account, which would make some. */
  private @Nullable ClashAccess access() {
    String keys = variables.text(KEYS);
    String email = variables.text(EMAIL);
    String password = variables.text(PASSWORD);
    if ((email == null) != (password == null)) {
      variables.problem(
          "%s is not set: with %s it is needed"
              .formatted(email == null ? EMAIL : PASSWORD, email == null ? PASSWORD : EMAIL));
      return null;
    }
    if (keys != null) {
      return new ClashAccess.Keys(BETWEEN_KEYS.splitAsStream(keys.strip()).toList());
    }
    return email == null || password == null ? null : new ClashAccess.Account(email, password);
  }
}
