package dev.carillon.webhook.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.memory.SettableClock;
import dev.carillon.postgres.Database;
import dev.carillon.webhook.endpoint.EndpointChange.Done;
import dev.carillon.webhook.endpoint.EndpointChange.Rotated;
import dev.carillon.webhook.http.ClientTls;
import dev.carillon.webhook.sign.SignatureKind;
import dev.carillon.webhook.sign.SigningKey;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class EndpointsTest {

  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
  private static final URI URL = URI.create("https://crm.example/in?token=topsecret");
  private static final URI OTHER = URI.create("https://other.example/in");
  private static final UUID NOBODY = new UUID(0, 7);

  private final Database database = EndpointDatabase.emptied();
  private final SettableClock clock = new SettableClock(NOW);
  private final Vault vault = new Vault(List.of(EncryptionKey.generate()));
  private final Endpoints endpoints = new Endpoints(database.jdbi(), vault, clock);
  private final SigningKey key = SigningKey.generate();

  @Nested
  class Creating {

    @Test
    void aNewEndpointIsFoundByItsIdAndItsName() {
      Endpoint made = made("crm");

      assertThat(made.revision()).isEqualTo(1);
      assertThat(made.isEnabled()).isTrue();
      assertThat(made.createdAt()).isEqualTo(NOW).isEqualTo(made.updatedAt());
      assertThat(endpoints.find(made.id())).contains(made);
      assertThat(endpoints.find("crm")).contains(made);
      assertThat(endpoints.find(made.id().toString())).contains(made);
      assertThat(endpoints.find("erp")).isEmpty();
    }

    @Test
    void everythingThatWasChosenIsKept() {
      EndpointSettings all = all(TestTls.ALL);

      Endpoint made =
          done(endpoints.create(all, SigningKey.generate(SignatureKind.V1A), "not yet"));

      assertThat(endpoints.find(made.id())).contains(made);
      assertThat(EndpointSettings.of(made, all.tls())).isEqualTo(all);
      assertThat(made.signature()).isEqualTo(SignatureKind.V1A);
      assertThat(made.disabled()).isEqualTo(new Endpoint.Disabled(NOW, "not yet"));
      assertThat(made.certificates())
          .isEqualTo(new Endpoint.Certificates(TestTls.CERTIFICATE, TestTls.CERTIFICATE));
      assertThat(secrets(made).tls()).isEqualTo(all.tls());
    }

    @Test
    void aNameIsUsedOnce() {
      Endpoint first = made("crm");

      assertThat(endpoints.create(EndpointSettings.of("crm", OTHER), key, null))
          .isEqualTo(new EndpointChange.NameTaken("crm"));
      assertThat(endpoints.find("crm")).contains(first);
    }

    @Test
    void thereAreNoMoreThanTheMost() {
      database
          .jdbi()
          .useHandle(handle ->
              handle.execute(
                  """
                  INSERT INTO endpoint (id, name, url, signature, policy, concurrency, timeout_ms,
                    alerts, managed, created_at, updated_at)
                  SELECT gen_random_uuid(), 'n' || i, 'https://a.example', 'v1', 'carillon', 1, 1000,
                    false, false, now(), now()
                  FROM generate_series(1, ?) i
                  """,
                  Endpoints.MAX_ENDPOINTS));

      assertThat(endpoints.create(EndpointSettings.of("crm", URL), key, null))
          .isEqualTo(new EndpointChange.TooMany());
    }

    @Test
    void pagesFollowEachOtherNewestFirst() {
      List<UUID> made = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        made.addFirst(made("e" + i).id());
        clock.advance(Duration.ofMillis(1));
      }

      List<Endpoint> first = endpoints.list(null, 3);
      List<Endpoint> second = endpoints.list(first.getLast().id(), 3);

      assertThat(first).extracting(Endpoint::id).isEqualTo(made.subList(0, 3));
      assertThat(second).extracting(Endpoint::id).isEqualTo(made.subList(3, 5));
    }

    @Test
    void nothingSecretStandsInTheTablesNorInTexts() {
      Endpoint made = done(endpoints.create(all(TestTls.CLIENT), key, null));

      String tables =
          database
              .jdbi()
              .withHandle(handle ->
                  handle
                      .createQuery(
                          "SELECT string_agg(k::text, ' ') || string_agg(e::text, ' ')"
                              + " FROM endpoint_key k, endpoint e")
                      .mapTo(String.class)
                      .one());
      assertThat(tables).contains("BEGIN CERTIFICATE").doesNotContain("PRIVATE", key.secret());
      assertThat(made + " " + secrets(made) + " " + EndpointSettings.of("crm", URL))
          .doesNotContain("topsecret", "PRIVATE", key.secret());
    }
  }

  @Nested
  class Changing {

    @Test
    void onlyWhatIsChangedChanges() {
      Endpoint made = done(endpoints.create(all(TestTls.ALL), key, null));
      clock.advance(Duration.ofMinutes(1));

      Endpoint changed = done(endpoints.update(made.id(), 1L, old -> old.withUrl(OTHER)));

      assertThat(changed.url()).isEqualTo(OTHER);
      assertThat(changed.revision()).isEqualTo(2);
      assertThat(changed.updatedAt()).isEqualTo(NOW.plusSeconds(60));
      assertThat(changed.retry()).isEqualTo(made.retry());
      assertThat(secrets(changed).tls()).isEqualTo(TestTls.ALL);
      assertThat(endpoints.find(made.id())).contains(changed);
    }

    @Test
    void whatStaysTheSameIsNoChange() {
      Endpoint made = made("crm");

      assertThat(endpoints.update(made.id(), null, old -> old)).isEqualTo(new Done(made));
    }

    @Test
    void aChangeOfAnOldRevisionIsRefused() {
      Endpoint made = made("crm");
      Endpoint changed = done(endpoints.update(made.id(), null, old -> old.withUrl(OTHER)));

      assertThat(endpoints.update(made.id(), 1L, old -> old.withUrl(URL)))
          .isEqualTo(new EndpointChange.Stale(changed));
    }

    @Test
    void aTakenNameIsRefusedAndNothingIsChanged() {
      made("crm");
      Endpoint erp = made("erp");

      assertThat(endpoints.update(erp.id(), null, _ -> EndpointSettings.of("crm", OTHER)))
          .isEqualTo(new EndpointChange.NameTaken("crm"));
      assertThat(endpoints.find("erp")).contains(erp);
    }

    @Test
    void whatTheChangeThrowsEndsIt() {
      Endpoint made = made("crm");

      assertThatThrownBy(() ->
              endpoints.update(
                  made.id(),
                  null,
                  _ -> {
                    throw new IllegalStateException("no");
                  }))
          .hasMessage("no");
      assertThat(endpoints.find("crm")).contains(made);
    }

    @Test
    void anEndpointIsDisabledForItsFirstReasonAndEnabledAgain() {
      Endpoint made = made("crm");
      Endpoint disabled = done(endpoints.disable(made.id(), "HTTP 410"));
      clock.advance(Duration.ofMinutes(1));

      assertThat(done(endpoints.disable(made.id(), "later"))).isEqualTo(disabled);
      assertThat(disabled.disabled()).isEqualTo(new Endpoint.Disabled(NOW, "HTTP 410"));
      Endpoint enabled = done(endpoints.enable(made.id()));
      assertThat(enabled.isEnabled()).isTrue();
      assertThat(enabled.revision()).isEqualTo(3);
      assertThat(done(endpoints.enable(made.id()))).isEqualTo(enabled);
    }

    @Test
    void aReasonIsNeededAndBounded() {
      Endpoint made = made("crm");

      assertThatIllegalArgumentException().isThrownBy(() -> endpoints.disable(made.id(), " "));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> endpoints.disable(made.id(), "x".repeat(501)));
    }

    @Test
    void aDeletedEndpointIsGoneWithItsKeys() {
      Endpoint made = made("crm");

      assertThat(endpoints.delete(made.id())).isEqualTo(new Done(made));

      assertThat(endpoints.find("crm")).isEmpty();
      assertThat(endpoints.secrets(made.id(), NOW)).isEmpty();
      assertThat(endpoints.keys(made.id(), NOW)).isEmpty();
    }

    @Test
    void whoIsNotThereCannotBeChanged() {
      EndpointChange missing = new EndpointChange.Missing();
      assertThat(endpoints.update(NOBODY, null, old -> old)).isEqualTo(missing);
      assertThat(endpoints.delete(NOBODY)).isEqualTo(missing);
      assertThat(endpoints.rotate(NOBODY, Rotation.DEFAULT)).isEqualTo(missing);
      assertThat(endpoints.enable(NOBODY)).isEqualTo(missing);
      assertThat(endpoints.disable(NOBODY, "gone")).isEqualTo(missing);
    }
  }

  @Nested
  class Rotating {

    @Test
    void theOldKeySignsUntilTheOverlapIsOver() {
      Endpoint made = made("crm");
      Rotated rotated = rotated(made, Rotation.DEFAULT);
      Instant end = NOW.plus(Duration.ofHours(24));

      assertThat(rotated.endpoint().revision()).isEqualTo(2);
      assertThat(rotated.keys()).extracting(LiveKey::expiresAt).containsExactly(null, end);
      Secrets now = secrets(made);
      assertThat(now.keys())
          .extracting(SigningKey::secret)
          .containsExactly(rotated.key().secret(), key.secret());
      assertThat(now.until()).isEqualTo(end);
      Secrets later = endpoints.secrets(made.id(), end).orElseThrow();
      assertThat(later.keys())
          .extracting(SigningKey::secret)
          .containsExactly(rotated.key().secret());
      assertThat(later.until()).isNull();
    }

    @Test
    void anEndedKeyIsDeletedForGood() {
      Endpoint made = made("crm");
      rotated(made, Rotation.DEFAULT);
      Instant end = NOW.plus(Duration.ofHours(24));

      assertThat(endpoints.expireKeys(end.minusMillis(1))).isZero();
      clock.advance(Duration.ofHours(24));
      assertThat(endpoints.expireKeys(end)).isEqualTo(1);

      assertThat(endpoints.keys(made.id(), NOW)).hasSize(1);
      assertThat(endpoints.find("crm").orElseThrow().revision()).isEqualTo(3);
    }

    @Test
    void withoutOverlapTheOldKeysAreGoneAtOnce() {
      Endpoint made = made("crm");
      rotated(made, Rotation.DEFAULT);

      Rotated rotated = rotated(made, new Rotation(Duration.ZERO, null, null));

      assertThat(rotated.keys()).hasSize(1);
      assertThat(endpoints.keys(made.id(), NOW.minusSeconds(1))).hasSize(1);
    }

    @Test
    void aLaterRotationDoesNotProlongAKeysLife() {
      Endpoint made = made("crm");
      rotated(made, new Rotation(Duration.ofHours(1), null, null));

      Rotated rotated = rotated(made, new Rotation(Duration.ofDays(7), null, null));

      assertThat(rotated.keys())
          .extracting(LiveKey::expiresAt)
          .containsExactly(null, NOW.plus(Duration.ofDays(7)), NOW.plus(Duration.ofHours(1)));
    }

    @Test
    void tenKeysLiveAtMost() {
      Endpoint made = made("crm");
      for (int i = 1; i < Endpoints.MAX_KEYS; i++) {
        rotated(made, Rotation.DEFAULT);
      }

      assertThat(endpoints.rotate(made.id(), Rotation.DEFAULT))
          .isEqualTo(new EndpointChange.TooManyKeys());
      assertThat(secrets(made).keys()).hasSize(Endpoints.MAX_KEYS);
      clock.advance(Duration.ofHours(24));
      assertThat(rotated(made, Rotation.DEFAULT).keys()).hasSize(2);
    }

    @Test
    void theKindIsChangedByRotatingAndThePublicKeyIsReadable() {
      Endpoint made = made("crm");

      Rotated rotated = rotated(made, new Rotation(Duration.ofHours(1), SignatureKind.V1A, null));

      assertThat(rotated.endpoint().signature()).isEqualTo(SignatureKind.V1A);
      assertThat(rotated.keys())
          .extracting(LiveKey::publicKey)
          .containsExactly(rotated.key().publicKey().orElseThrow(), null);
      assertThat(secrets(made).keys())
          .extracting(SigningKey::kind)
          .containsExactly(SignatureKind.V1A, SignatureKind.V1);
    }

    @Test
    void aGivenKeyMustBeOfTheKind() {
      Endpoint made = made("crm");
      SigningKey given = SigningKey.generate();
      SigningKey wrong = SigningKey.generate(SignatureKind.V1A);

      assertThat(endpoints.rotate(made.id(), new Rotation(Duration.ZERO, null, wrong)))
          .isEqualTo(new EndpointChange.WrongKind(SignatureKind.V1));
      rotated(made, new Rotation(Duration.ZERO, null, given));
      assertThat(secrets(made).keys())
          .extracting(SigningKey::secret)
          .containsExactly(given.secret());
    }

    @Test
    void twoRotationsAtOnceBothHold() throws Exception {
      Endpoint made = made("crm");
      List<Future<EndpointChange>> both = new ArrayList<>();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < 4; i++) {
          both.add(threads.submit(() -> endpoints.rotate(made.id(), Rotation.DEFAULT)));
        }
      }

      for (Future<EndpointChange> one : both) {
        assertThat(one.get()).isInstanceOf(Rotated.class);
      }
      assertThat(endpoints.keys(made.id(), NOW))
          .hasSize(5)
          .filteredOn(live -> live.expiresAt() == null)
          .hasSize(1);
    }
  }

  @Nested
  class OfTheSettings {

    private final SigningKey old = SigningKey.generate();

    @Test
    void itIsMadeAndStaysAsItIsUntilTheSettingsChange() {
      Endpoint managed = endpoints.upsertManaged("default", URL, List.of(key, old));

      assertThat(managed.managed()).isTrue();
      assertThat(secrets(managed).keys())
          .extracting(SigningKey::secret)
          .containsExactly(key.secret(), old.secret());
      assertThat(endpoints.upsertManaged("default", URL, List.of(key, old))).isEqualTo(managed);
    }

    @Test
    void anotherUrlAndOtherKeysTakeThePlaceOfTheOld() {
      Endpoint managed = endpoints.upsertManaged("default", URL, List.of(old));
      endpoints.disable(managed.id(), "HTTP 410");

      Endpoint sameUrl = endpoints.upsertManaged("default", URL, List.of(key));
      Endpoint otherUrl = endpoints.upsertManaged("default", OTHER, List.of(key));

      assertThat(sameUrl.isEnabled()).isFalse();
      assertThat(otherUrl.isEnabled()).isTrue();
      assertThat(otherUrl.url()).isEqualTo(OTHER);
      assertThat(secrets(otherUrl).keys())
          .extracting(SigningKey::secret)
          .containsExactly(key.secret());
    }

    @Test
    void anEndpointOfTheApiIsTakenOverWithWhatWasChosenOfIt() {
      EndpointSettings all = all(null);
      Endpoint made = done(endpoints.create(all, old, null));

      Endpoint managed = endpoints.upsertManaged(all.name(), OTHER, List.of(key));

      assertThat(managed.id()).isEqualTo(made.id());
      assertThat(EndpointSettings.of(managed, null)).isEqualTo(all.withUrl(OTHER));
    }

    @Test
    void theApiMayChangeEverythingButNameUrlAndKeys() {
      Endpoint managed = endpoints.upsertManaged("default", URL, List.of(key));
      EndpointChange refused = new EndpointChange.Managed(managed);

      assertThat(endpoints.update(managed.id(), null, o -> o.withUrl(OTHER))).isEqualTo(refused);
      assertThat(endpoints.update(managed.id(), null, _ -> EndpointSettings.of("other", URL)))
          .isEqualTo(refused);
      assertThat(endpoints.rotate(managed.id(), Rotation.DEFAULT)).isEqualTo(refused);
      assertThat(endpoints.delete(managed.id())).isEqualTo(refused);
      EndpointSettings wanted =
          new EndpointSettings(
              "default",
              URL,
              StatusPolicy.STANDARD_WEBHOOKS,
              RetrySchedule.STANDARD_WEBHOOKS,
              new Traffic(3, null),
              Duration.ofSeconds(5),
              true,
              null);
      Endpoint changed = done(endpoints.update(managed.id(), null, _ -> wanted));
      assertThat(EndpointSettings.of(changed, null)).isEqualTo(wanted);
      assertThat(endpoints.upsertManaged("default", URL, List.of(key))).isEqualTo(changed);
    }

    @Test
    void whatTheSettingsNoMoreNameIsTheApis() {
      Endpoint managed = endpoints.upsertManaged("default", URL, List.of(key));

      assertThat(endpoints.releaseManaged()).isEqualTo(1);

      assertThat(endpoints.delete(managed.id())).isInstanceOf(Done.class);
      assertThat(endpoints.releaseManaged()).isZero();
    }

    @Test
    void manyProcessesMayStartAtOnce() throws Exception {
      List<Future<Endpoint>> all = new ArrayList<>();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < 4; i++) {
          all.add(threads.submit(() -> endpoints.upsertManaged("default", URL, List.of(key))));
        }
      }

      Endpoint one = endpoints.find("default").orElseThrow();
      for (Future<Endpoint> each : all) {
        assertThat(each.get()).isEqualTo(one);
      }
    }

    @Test
    void itHasAKey() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> endpoints.upsertManaged("default", URL, List.of()));
    }
  }

  private static EndpointSettings all(@Nullable ClientTls tls) {
    return new EndpointSettings(
        "crm",
        URL,
        StatusPolicy.STANDARD_WEBHOOKS,
        new RetrySchedule.Waits(List.of(Duration.ofSeconds(5), Duration.ofMinutes(1))),
        new Traffic(7, new Traffic.Rate(0.5, 3)),
        Duration.ofMillis(1_500),
        true,
        tls);
  }

  private Endpoint made(String name) {
    return done(endpoints.create(EndpointSettings.of(name, URL), key, null));
  }

  private Secrets secrets(Endpoint endpoint) {
    return endpoints.secrets(endpoint.id(), clock.instant()).orElseThrow();
  }

  private Rotated rotated(Endpoint endpoint, Rotation rotation) {
    return (Rotated) endpoints.rotate(endpoint.id(), rotation);
  }

  private static Endpoint done(EndpointChange change) {
    assertThat(change).isInstanceOf(Done.class);
    return ((Done) change).endpoint();
  }
}
