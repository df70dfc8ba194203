package dev.carillon.server.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.postgres.Database;
import dev.carillon.server.settings.Settings.AuthMode;
import dev.carillon.webhook.address.Cidr;
import dev.carillon.webhook.endpoint.EncryptionKey;
import dev.carillon.webhook.http.ProxyAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

  private static final String WEBHOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String ENCRYPTION_KEY = EncryptionKey.generate().text();

  @Test
  void everythingHasADefault() {
    Settings settings = Settings.from(Map.of());

    assertThat(settings.stage()).isEqualTo(Stage.LOCAL);
    assertThat(settings.data()).isEqualTo(Path.of("data"));
    assertThat(settings.database()).isNull();
    assertThat(settings.http().host()).isEqualTo("127.0.0.1");
    assertThat(settings.http().port()).isEqualTo(8080);
    assertThat(settings.http().throttleRate()).isEqualTo(500);
    assertThat(settings.http().throttleBurst()).isEqualTo(1000);
    assertThat(settings.access().mode()).isEqualTo(AuthMode.JWT);
    assertThat(settings.engine().claimBatch()).isEqualTo(100);
  }

  @Test
  void everythingCanBeSet() {
    Settings settings =
        Settings.from(
            Map.ofEntries(
                Map.entry("ENVIRONMENT", "production"),
                Map.entry("LOG_LEVEL", "debug"),
                Map.entry("CARILLON_DATA", "/var/lib/carillon"),
                Map.entry("HOST", "0.0.0.0"),
                Map.entry("PORT", "0"),
                Map.entry("CORS_ORIGINS", "https://a.example, http://localhost:3000"),
                Map.entry("OIDC_ISSUER", "https://login.example/realm"),
                Map.entry("JWT_AUDIENCE", "carillon"),
                Map.entry("WEBHOOK_URL", "https://hooks.example/in"),
                Map.entry("WEBHOOK_SECRET", WEBHOOK_SECRET + "  " + WEBHOOK_SECRET),
                Map.entry("WEBHOOK_ALLOWED_CIDRS", "10.1.0.0/16, fd00:1::/32"),
                Map.entry("WEBHOOK_ALLOW_HTTP", "TRUE"),
                Map.entry("WEBHOOK_ALLOWED_PORTS", "25,6379"),
                Map.entry("WEBHOOK_PROXY", "http://me:topsecret@proxy.example:3128"),
                Map.entry("ENCRYPTION_KEY", ENCRYPTION_KEY + " " + ENCRYPTION_KEY),
                Map.entry("EVENT_TYPES_FILE", "types.json"),
                Map.entry("POLL_INTERVAL", "500ms"),
                Map.entry("SHUTDOWN_TIMEOUT", "1m"),
                Map.entry("SQL_STATEMENTS_FILE", "statements.sql")));

    assertThat(settings.stage()).isEqualTo(Stage.PRODUCTION);
    assertThat(settings.http().corsOrigins())
        .containsExactly("https://a.example", "http://localhost:3000");
    assertThat(settings.access().hasOidc()).isTrue();
    assertThat(settings.delivery().webhookSecrets()).hasSize(2);
    assertThat(settings.egress())
        .isEqualTo(
            new Settings.Egress(
                List.of(Cidr.parse("10.1.0.0/16"), Cidr.parse("fd00:1::/32")),
                true,
                Set.of(25, 6379),
                new ProxyAddress("proxy.example", 3128, "me", "topsecret")));
    assertThat(settings.encryptionKeys()).hasSize(2);
    assertThat(settings.delivery().eventTypesFile()).isEqualTo(Path.of("types.json"));
    assertThat(settings.scheduling().sqlStatementsFile()).isEqualTo(Path.of("statements.sql"));
    assertThat(settings.engine().pollInterval()).isEqualTo(Duration.ofMillis(500));
    assertThat(settings.engine().shutdownTimeout()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void allProblemsAreToldAtOnce() {
    assertThatThrownBy(() ->
            Settings.from(Map.of("PORT", "70000", "LOG_LEVEL", "loud", "POLL_INTERVAL", "soon")))
        .isInstanceOf(InvalidSettings.class)
        .hasMessageContaining("PORT is \"70000\": a whole number from 0 to 65535 is allowed")
        .hasMessageContaining("LOG_LEVEL is \"loud\": one of error, warn, info, debug, trace")
        .hasMessageContaining("POLL_INTERVAL is \"soon\": a number and a unit");
  }

  @ParameterizedTest
  @CsvSource({
    "JWT_SECRET, too-short-to-be-secret",
    "WEBHOOK_SECRET, whsec_c2hvcnQ=",
    "WEBHOOK_SECRET, not-a-secret",
    "WEBHOOK_SECRET, whsk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "WEBHOOK_SECRET, whsec_!!!",
    "DATABASE_URL, mysql://root:topsecret@db",
    "ENCRYPTION_KEY, c2hvcnQ=",
    "ENCRYPTION_KEY, not-a-key",
    "WEBHOOK_PROXY, https://me:topsecret@proxy.example:3128",
    "WEBHOOK_PROXY, http://me:topsecret@proxy.example",
    "WEBHOOK_PROXY, proxy.example:3128",
    "WEBHOOK_URL, ftp://user:topsecret@host",
    "WEBHOOK_URL, http://[broken",
  })
  void aBadSecretIsNamedAndNotRepeated(String name, String value) {
    assertThatThrownBy(() -> Settings.from(Map.of(name, value)))
        .isInstanceOf(InvalidSettings.class)
        .hasMessageContaining(name)
        .hasMessageContaining("allowed")
        .hasMessageNotContaining(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "https://a.example/path", "a.example", "null"})
  void anOriginHasASchemeAndAHostAndNothingElse(String origin) {
    assertThatThrownBy(() -> Settings.from(Map.of("CORS_ORIGINS", origin)))
        .isInstanceOf(InvalidSettings.class)
        .hasMessageContaining("CORS_ORIGINS");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "WEBHOOK_ALLOWED_CIDRS | 10.1.0.1/16",
        "WEBHOOK_ALLOWED_CIDRS | 10.1.0.0/16,example.com/8",
        "WEBHOOK_ALLOWED_PORTS | 0",
        "WEBHOOK_ALLOWED_PORTS | 80,http",
        "WEBHOOK_ALLOW_HTTP | yes",
      })
  void whereMessagesMayGoIsReadStrictly(String name, String value) {
    assertThatThrownBy(() -> Settings.from(Map.of(name, value)))
        .isInstanceOf(InvalidSettings.class)
        .hasMessageContaining(name + " is \"" + value + "\"");
  }

  @Nested
  class Encrypting {

    private static final String SHARED = "postgres://db.example/app";

    @Test
    void aSharedDatabaseNeedsAKeyThatIsSet() {
      Map<String, String> values = Map.of("DATABASE_URL", SHARED, "ENVIRONMENT", "staging");
      assertThatThrownBy(() -> Settings.from(values))
          .isInstanceOf(InvalidSettings.class)
          .hasMessageContaining("ENCRYPTION_KEY is not set")
          .hasMessageContaining("openssl rand -base64 32");

      Map<String, String> set = new HashMap<>(values);
      set.put("ENCRYPTION_KEY", ENCRYPTION_KEY);
      assertThat(Settings.from(set).encryptionKeys())
          .extracting(EncryptionKey::text)
          .containsExactly(ENCRYPTION_KEY);
    }

    @Test
    void locallyAndWithAnEmbeddedDatabaseItIsMade(@TempDir Path data) {
      Map<String, String> local = Map.of("CARILLON_DATA", data.toString(), "DATABASE_URL", SHARED);
      Map<String, String> embedded =
          Map.of("CARILLON_DATA", data.toString(), "ENVIRONMENT", "production");

      assertThat(Settings.from(local).encryptionKeys())
          .extracting(EncryptionKey::text)
          .containsExactly(SecretFile.encryption(data));
      assertThat(Settings.from(embedded).encryptionKeys()).hasSize(1);
    }
  }

  @Test
  void aBadValueIsShownWithoutControlCharactersAndCut() {
    assertThatThrownBy(() -> Settings.from(Map.of("PORT", "1\n" + "x".repeat(500))))
        .hasMessageContaining("1?xxx")
        .hasMessageNotContaining("x".repeat(200));
  }

  @Nested
  class OpenIdConnect {

    @ParameterizedTest
    @ValueSource(strings = {"OIDC_ISSUER", "OIDC_JWKS_URL"})
    void tokensMustBeForThisApplication(String name) {
      Map<String, String> values = Map.of(name, "https://a.example", "JWT_ISSUER", "a");

      assertThatThrownBy(() -> Settings.from(values))
          .isInstanceOf(InvalidSettings.class)
          .hasMessageContaining("JWT_AUDIENCE is not set");
    }

    @Test
    void keysAloneDoNotSayWhoseTokensAreAccepted() {
      Map<String, String> keys =
          Map.of("OIDC_JWKS_URL", "https://a.example/jwks", "JWT_AUDIENCE", "carillon");
      assertThatThrownBy(() -> Settings.from(keys))
          .isInstanceOf(InvalidSettings.class)
          .hasMessageContaining("OIDC_ISSUER and JWT_ISSUER are not set");

      Map<String, String> issued = new HashMap<>(keys);
      issued.put("JWT_ISSUER", "https://a.example");
      assertThat(Settings.from(issued).access().hasOidc()).isTrue();
    }
  }

  @Test
  void historyIsKeptForMoreThanAYear() {
    assertThat(Settings.from(Map.of()).engine().historyMonths()).isEqualTo(24);
    assertThat(Settings.from(Map.of("HISTORY_MONTHS", "13")).engine().historyMonths())
        .isEqualTo(13);
    assertThatThrownBy(() -> Settings.from(Map.of("HISTORY_MONTHS", "12")))
        .hasMessageContaining("HISTORY_MONTHS is \"12\": a whole number from 13 to");
  }

  @Nested
  class WithoutAuthentication {

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.8.8.8", "localhost", "::1"})
    void loopbackIsAllowed(String host) {
      assertThat(Settings.from(Map.of("AUTH", "none", "HOST", host)).access().mode())
          .isEqualTo(AuthMode.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.168.1.5", "example.com", "127.0.0.1.example.com"})
    void anythingElseIsRefused(String host) {
      assertThatThrownBy(() -> Settings.from(Map.of("AUTH", "none", "HOST", host)))
          .isInstanceOf(InvalidSettings.class)
          .hasMessageContaining("HOST")
          .hasMessageContaining("127.0.0.1");
    }
  }

  @Nested
  class DatabaseAddresses {

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "postgresql"})
    void aUrlOfThePostgresKindIsTakenApart(String scheme) {
      Database.Address address =
          database(scheme + "://ann%40x:p%2B%3A+w@db.example:6432/app?sslmode=require");

      assertThat(address.jdbcUrl())
          .isEqualTo("jdbc:postgresql://db.example:6432/app?sslmode=require");
      assertThat(address.user()).isEqualTo("ann@x");
      assertThat(address.password()).isEqualTo("p+:+w");
    }

    @Test
    void theParametersOfAShortUrlAreLeftToTheDriver() {
      Database.Address address = database("postgresql://db.example");

      assertThat(address.jdbcUrl()).isEqualTo("jdbc:postgresql://db.example/");
      assertThat(address.user()).isNull();
      assertThat(address.password()).isNull();
    }

    @Test
    void aJdbcUrlIsTakenAsItIs() {
      assertThat(database("jdbc:postgresql://a,b/app?user=x").jdbcUrl())
          .isEqualTo("jdbc:postgresql://a,b/app?user=x");
    }

    private static Database.Address database(String url) {
      return Objects.requireNonNull(Settings.from(Map.of("DATABASE_URL", url)).database());
    }
  }

  @Nested
  class EnvironmentFiles {

    @Test
    void aFileHasNamesValuesQuotesAndComments(@TempDir Path folder) throws Exception {
      Path file = folder.resolve("carillon.env");
      Files.writeString(file, "# local\n\nPORT = 9000\nJWT_ISSUER=\"me\"\nJWT_AUDIENCE='a=b'\n");

      assertThat(EnvironmentFile.read(file))
          .isEqualTo(Map.of("PORT", "9000", "JWT_ISSUER", "me", "JWT_AUDIENCE", "a=b"));
    }

    @Test
    void aWrongLineAndAnUnknownNameAreToldWithTheirPlaces(@TempDir Path folder) throws Exception {
      Path file = folder.resolve("carillon.env");
      Files.writeString(file, "PROT=9000\nwhat\n");

      assertThatThrownBy(() -> EnvironmentFile.read(file))
          .isInstanceOf(InvalidSettings.class)
          .hasMessageContaining("line 1: unknown name")
          .hasMessageContaining("line 2: NAME=VALUE");
    }

    @Test
    void aMissingFileIsTold(@TempDir Path folder) {
      assertThatThrownBy(() -> EnvironmentFile.read(folder.resolve("none")))
          .isInstanceOf(InvalidSettings.class)
          .hasMessageContaining("cannot read the file");
    }
  }

  @Nested
  class GeneratedSecrets {

    @Test
    void theyAreMadeOnceAndOnlyTheOwnerReadsThem(@TempDir Path folder) throws Exception {
      Path data = folder.resolve("deep/data");

      String jwt = SecretFile.jwt(data);
      String webhook = SecretFile.webhook(data);
      String encryption = SecretFile.encryption(data);

      assertThat(jwt).hasSizeGreaterThanOrEqualTo(32).isEqualTo(SecretFile.jwt(data));
      assertThat(webhook).isEqualTo(SecretFile.webhook(data));
      assertThat(
              Settings.from(
                  Map.of(
                      "WEBHOOK_SECRET", webhook, "JWT_SECRET", jwt, "ENCRYPTION_KEY", encryption)))
          .isNotNull();
      assertThat(Files.getPosixFilePermissions(data.resolve("jwt-secret")))
          .hasToString("[OWNER_READ, OWNER_WRITE]")
          .isEqualTo(Files.getPosixFilePermissions(data.resolve("webhook-secret")))
          .isEqualTo(Files.getPosixFilePermissions(data.resolve("encryption-key")));
      try (var files = Files.list(data)) {
        assertThat(files).hasSize(3);
      }
    }

    @Test
    void anEmptyFileIsNoSecret(@TempDir Path data) throws Exception {
      Files.writeString(data.resolve("jwt-secret"), "\n");

      assertThatThrownBy(() -> SecretFile.jwt(data)).hasMessageContaining("holds no secret");
    }
  }

  @Test
  void secretsStayOutOfTexts() {
    Settings settings =
        Settings.from(
            Map.of(
                "JWT_SECRET", "a-secret-that-is-long-enough-to-be-one",
                "WEBHOOK_SECRET", WEBHOOK_SECRET,
                "ENCRYPTION_KEY", ENCRYPTION_KEY,
                "WEBHOOK_PROXY", "http://me:topsecret@proxy.example:3128",
                "DATABASE_URL", "jdbc:postgresql://db/app?password=topsecret"));

    assertThat(settings.toString())
        .doesNotContain(
            "a-secret-that", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "topsecret", ENCRYPTION_KEY);
  }

  @ParameterizedTest
  @CsvSource({"250ms", "30s", "15m", "12h", "7d"})
  void aTimeSpanIsWrittenAsItIsRead(String text) {
    assertThat(TimeSpan.parse(text).map(TimeSpan::format)).contains(text);
  }

  @Test
  void aTimeSpanMayBeWrittenInIso8601() {
    assertThat(TimeSpan.parse("PT10S")).contains(Duration.ofSeconds(10));
    assertThat(TimeSpan.parse("P1DT0.5S")).contains(Duration.ofDays(1).plusMillis(500));
  }

  @Test
  void aTimeSpanNeedsAUnit() {
    assertThat(List.of("", "5", "s", "-1s", "1.5h", "1 h", "1w", "PT-5S", "PT", "P1Y", "-PT5S"))
        .allSatisfy(text -> assertThat(TimeSpan.parse(text)).isEmpty());
  }
}
