package dev.carillon.refresh.clash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.carillon.memory.SettableClock;
import dev.carillon.refresh.pace.Departure;
import dev.carillon.refresh.request.RecordKey;
import dev.carillon.refresh.source.Fetched;
import dev.carillon.refresh.source.SourceException;
import dev.carillon.testkit.clash.ApiKey;
import dev.carillon.testkit.clash.FakeClash;
import dev.carillon.testkit.clash.GameWorld;
import dev.carillon.testkit.clash.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class KeyRingTest {

  private static final String HERE = "203.0.113.7";
  private static final String ELSEWHERE = "203.0.113.8";
  private static final String EMAIL = "dev@example.com";
  private static final String PASSWORD = "top-secret-word";
  private static final RecordKey CLAN =
      new RecordKey(ClashSource.NAME, "clan", GameWorld.clanTag(7));

  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-22T09:00:00Z"));
  private final FakeClash fake = FakeClash.start(clock);

  @BeforeEach
  void account() {
    fake.account(EMAIL, PASSWORD);
    fake.callerAddress(HERE);
  }

  @AfterEach
  void close() {
    fake.close();
  }

  @Nested
  class OfAnAccount {

    private final ClashSource source = source(new ClashAccess.Account(EMAIL, PASSWORD));

    @AfterEach
    void close() {
      source.close();
    }

    @Test
    void makesAKeyForTheAddressThatThePortalSees() throws Exception {
      source.open();
      assertThat(fake.keys())
          .singleElement()
          .satisfies(key -> {
            assertThat(key.name()).isEqualTo("carillon");
            assertThat(key.address()).isEqualTo(HERE);
            assertThat(key.description()).isEqualTo("Made by Carillon at 2026-11-22T09:00:00Z");
          });
      assertThat(source.fetch(CLAN, Departure.AT_ONCE)).isInstanceOf(Fetched.Found.class);
    }

    @Test
    void logsInOnce() throws Exception {
      source.open();
      source.open();
      assertThat(fake.logins()).isEqualTo(1);
    }

    @Test
    void usesItsKeysOfThisAddressAgain() throws Exception {
      fake.key("somebody", HERE);
      fake.key("carillon", ELSEWHERE);
      fake.key("carillon", HERE);
      source.open();
      assertThat(fake.keys()).hasSize(3);
      assertThat(source.fetch(CLAN, Departure.AT_ONCE)).isInstanceOf(Fetched.Found.class);
    }

    @Test
    void revokesItsKeyOfAnotherAddressOnlyIfTheAccountIsFull() throws Exception {
      ApiKey other = fake.key("carillon", ELSEWHERE);
      source.open();
      assertThat(fake.keys()).contains(other).hasSize(2);
      source.close();

      fill();
      fake.callerAddress("203.0.113.9");
      try (ClashSource third = source(new ClashAccess.Account(EMAIL, PASSWORD))) {
        third.open();
        assertThat(fake.keys()).doesNotContain(other).hasSize(10);
        assertThat(fake.keys().getLast().address()).isEqualTo("203.0.113.9");
        assertThat(third.fetch(CLAN, Departure.AT_ONCE)).isInstanceOf(Fetched.Found.class);
      }
    }

    @Test
    void neverRevokesAKeyOfAnotherName() {
      fill();
      assertThatExceptionOfType(SourceException.class)
          .isThrownBy(source::open)
          .withMessage(
              "the account has 10 keys, the most it can have, and none is named carillon: delete"
                  + " one");
      assertThat(fake.keys()).hasSize(10);
    }

    @Test
    void isRenewedWhenTheAddressChanges() throws Exception {
      source.open();
      assertThat(source.fetch(CLAN, Departure.AT_ONCE)).isInstanceOf(Fetched.Found.class);
      fake.callerAddress(ELSEWHERE);
      int before = fake.arrivals().count();
      assertThat(source.fetch(CLAN, Departure.AT_ONCE)).isInstanceOf(Fetched.Refused.class);
      assertThat(source.fetch(CLAN, Departure.AT_ONCE)).isInstanceOf(Fetched.Refused.class);
      assertThat(fake.arrivals().count()).as("no call without a key").isEqualTo(before + 1);
      source.open();
      assertThat(source.fetch(CLAN, Departure.AT_ONCE)).isInstanceOf(Fetched.Found.class);
      assertThat(fake.keys()).extracting(ApiKey::address).containsExactly(HERE, ELSEWHERE);
    }

    @Test
    void isRenewedOnceAndThenNotBeforeAPause() throws Exception {
      source.open();
      source.fetch(CLAN, Departure.AT_ONCE);
      fake.trouble(Trouble.INVALID_IP);
      source.fetch(CLAN, Departure.AT_ONCE);
      source.open();
      assertThat(source.fetch(CLAN, Departure.AT_ONCE)).isInstanceOf(Fetched.Refused.class);
      assertThatExceptionOfType(SourceException.class)
          .isThrownBy(source::open)
          .withMessage(
              "the API refuses our keys: Invalid authorization: API key does not allow access from"
                  + " IP 198.51.100.7; looked at again after 2026-11-22T09:01:00Z");
      assertThat(fake.logins()).isEqualTo(2);
      clock.advance(KeyRing.PAUSE);
      source.open();
      assertThat(fake.logins()).isEqualTo(3);
    }

    @Test
    void saysWhatIsWrongWithThePortal() {
      opensWith(Trouble.ERROR, "/login", "the developer portal answered 500 to login");
      opensWith(Trouble.MAINTENANCE, "/list", "the developer portal answered 503 to apikey/list");
      opensWith(
          Trouble.MALFORMED, "/login", "the developer portal's answer to login cannot be read");
      opensWith(
          Trouble.NO_RECORD,
          "/list",
          "the developer portal's answer to apikey/list cannot be read");
      opensWith(
          Trouble.NO_RECORD,
          "/create",
          "the developer portal's answer to apikey/create cannot be read");
      opensWith(
          Trouble.NO_RECORD,
          "/login",
          "the developer portal's login does not say which address we have");
      opensWith(
          Trouble.RESET,
          "/login",
          "the developer portal did not answer login: the connection broke off");
    }

    private void opensWith(Trouble trouble, String path, String message) {
      fake.portalTrouble(asked -> asked.endsWith(path) ? trouble : Trouble.NONE);
      assertThatExceptionOfType(SourceException.class)
          .isThrownBy(source::open)
          .withMessage(message);
      clock.advance(KeyRing.PAUSE);
    }

    private void fill() {
      while (fake.keys().size() < 10) {
        fake.key("somebody", HERE);
      }
    }
  }

  @Test
  void aWrongPasswordIsNotTriedAgainSoon() {
    try (ClashSource source = source(new ClashAccess.Account(EMAIL, "wrong-word"))) {
      assertThatExceptionOfType(SourceException.class)
          .isThrownBy(source::open)
          .withMessage("the developer portal does not accept COC_EMAIL and COC_PASSWORD");
      clock.advance(Duration.ofMinutes(14));
      assertThatExceptionOfType(SourceException.class).isThrownBy(source::open);
      assertThat(fake.logins()).isEqualTo(1);
      clock.advance(Duration.ofMinutes(1));
      assertThatExceptionOfType(SourceException.class).isThrownBy(source::open);
      assertThat(fake.logins()).isEqualTo(2);
    }
  }

  @Test
  void givenKeysAreTakenInTurnUntilTheyAreRefused() throws Exception {
    String good = fake.key("a", HERE).bearer();
    String bad = fake.key("b", ELSEWHERE).bearer();
    try (ClashSource source = source(new ClashAccess.Keys(List.of(good, bad)))) {
      source.open();
      assertThat(source.fetch(CLAN, Departure.AT_ONCE)).isInstanceOf(Fetched.Found.class);
      assertThat(source.fetch(CLAN, Departure.AT_ONCE)).isInstanceOf(Fetched.Refused.class);
      source.open();
      assertThat(source.fetch(CLAN, Departure.AT_ONCE)).isInstanceOf(Fetched.Found.class);
      assertThat(source.fetch(CLAN, Departure.AT_ONCE)).isInstanceOf(Fetched.Found.class);
      assertThat(fake.logins()).isZero();
    }
  }

  @Test
  void nothingSecretIsShown() throws Exception {
    ClashAccess account = new ClashAccess.Account(EMAIL, PASSWORD);
    ClashAccess keys = new ClashAccess.Keys(List.of("very-secret-key"));
    assertThat(ClashSettings.of(account) + " " + ClashSettings.of(keys))
        .doesNotContain(PASSWORD, EMAIL, "very-secret-key")
        .contains("Keys[1 of them]");
    try (ClashSource source = source(keys)) {
      source.open();
      assertThat(source.fetch(CLAN, Departure.AT_ONCE).toString())
          .doesNotContain("very-secret-key");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ClashAccess.Keys(List.of("secret with a space")))
        .withMessageNotContaining("secret with")
        .withMessageContaining("COC_KEYS");
  }

  private ClashSource source(ClashAccess access) {
    return new ClashSource(ClashSettings.of(access).at(fake.apiUrl(), fake.portalUrl()), clock);
  }
}
