package dev.carillon.server.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.refresh.clash.ClashAccess;
import dev.carillon.refresh.clash.ClashSettings;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefreshSettingsTest {

  @Test
  void nothingIsRefreshedUnlessThereAreKeysOrAnAccount() {
    Settings.Refresh none = Settings.from(Map.of("COC_REQS_PER_SEC", "30")).refresh();

    assertThat(none.clash()).isNull();
    assertThat(none.redis()).isNull();
    assertThat(none.inbox()).isEqualTo("refresh_queue");
  }

  @Test
  void keysAreSeparatedByBlanksOrCommasAndGoBeforeAnAccount() {
    Settings.Refresh refresh =
        Settings.from(
                Map.of(
                    "COC_KEYS", " topsecret-1,topsecret-2  topsecret-3 ",
                    "COC_EMAIL", "me@example.com",
                    "COC_PASSWORD", "topsecret",
                    "REDIS_URL", "rediss://me:topsecret@redis.example:6380/2",
                    "REFRESH_INBOX", "wanted"))
            .refresh();

    assertThat(refresh.clash())
        .isEqualTo(
            ClashSettings.of(
                    new ClashAccess.Keys(List.of("topsecret-1", "topsecret-2", "topsecret-3")))
                .withLimit(10));
    assertThat(refresh.inbox()).isEqualTo("wanted");
    assertThat(refresh.toString()).contains("redis.example").doesNotContain("topsecret");
  }

  @Test
  void anAccountIsCalledWhereItIsSaid() {
    Settings.Refresh refresh =
        Settings.from(
                Map.of(
                    "COC_EMAIL", "me@example.com",
                    "COC_PASSWORD", "topsecret",
                    "COC_REQS_PER_SEC", "30",
                    "COC_BASE_URL", "http://127.0.0.1:9/v1/",
                    "COC_PORTAL_URL", "http://127.0.0.1:9"))
            .refresh();

    assertThat(refresh.clash())
        .isEqualTo(
            ClashSettings.of(new ClashAccess.Account("me@example.com", "topsecret"))
                .at(URI.create("http://127.0.0.1:9/v1"), URI.create("http://127.0.0.1:9"))
                .withLimit(30));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "COC_EMAIL        | topsecret@example.com     | COC_PASSWORD is not set: with COC_EMAIL",
        "COC_PASSWORD     | topsecret                 | COC_EMAIL is not set: with COC_PASSWORD",
        "COC_REQS_PER_SEC | 31                        | COC_REQS_PER_SEC is \"31\": a whole number",
        "COC_REQS_PER_SEC | 0                         | a whole number from 1 to 30 is allowed",
        "COC_BASE_URL     | ftp://topsecret           | COC_BASE_URL: an http:// or https://",
        "COC_KEYS         | ok topsecret\u00e4        | a key of COC_KEYS",
        "REDIS_URL        | http://:topsecret@h       | REDIS_URL (not shown): this is no URL of Redis",
        "REFRESH_INBOX    | a b                       | REFRESH_INBOX is \"a b\"",
      })
  void whatIsWrongIsToldWithoutItsSecrets(String name, String value, String told) {
    assertThatThrownBy(() -> Settings.from(Map.of(name, value)))
        .isInstanceOf(InvalidSettings.class)
        .hasMessageContaining(told)
        .hasMessageNotContaining("topsecret");
  }

  @Test
  void anAddressWithAUserIsRefused() {
    assertThatThrownBy(() ->
            Settings.from(
                Map.of("COC_KEYS", "k", "COC_BASE_URL", "https://me:topsecret@proxy.example/v1")))
        .hasMessageContaining("COC_BASE_URL must be http(s)://host")
        .hasMessageNotContaining("topsecret");
  }
}
