package dev.carillon.server.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeyResourceTest {

  @Test
  void aNameIsAnyTextThatCanBeSeen() {
    assertThat(ApiKeyResource.name(" Zoë's billing 李 ")).contains("Zoë's billing 李");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "a\u0000b",
        "a\nb",
        "a\u0085b",
        "a\u200bb",
        "a\u202eb",
        "a\ufeffb",
        "\ud800"
      })
  void whatCannotBeSeenOrTurnsTheTextAroundIsRefused(String name) {
    assertThat(ApiKeyResource.name(name)).isEmpty();
  }
}
