package dev.carillon.server.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.server.http.FieldError;
import dev.carillon.server.http.Json;
import dev.carillon.server.http.JsonFields;
import dev.carillon.server.http.ProblemException;
import dev.carillon.webhook.endpoint.Rotation;
import dev.carillon.webhook.sign.SignatureKind;
import dev.carillon.webhook.sign.SigningKey;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyInputTest {

  private static final SigningKey V1 = SigningKey.generate(SignatureKind.V1);
  private static final SigningKey V1A = SigningKey.generate(SignatureKind.V1A);

  @Test
  void aKeyIsGeneratedOfTheKindThatIsAskedFor() {
    assertThat(first(Json.object()).kind()).isEqualTo(SignatureKind.V1);
    assertThat(first(Json.object().put("signature", "v1a")).kind()).isEqualTo(SignatureKind.V1A);
  }

  @Test
  void aGivenKeyIsTakenAndSaysItsKind() {
    assertThat(first(Json.object().put("secret", V1A.secret())).secret()).isEqualTo(V1A.secret());
  }

  @Test
  void aKeyOfAnotherKindIsRefusedAndNotRepeated() {
    ObjectNode body = Json.object().put("signature", "v1a").put("secret", V1.secret());

    assertThat(errors(body))
        .containsExactly(new FieldError("secret", "must be a key for v1a signatures"));
  }

  @ParameterizedTest
  @CsvSource({"secret, whsec_topsecret", "signature, v2", "overlap, 8d", "overlap, soon"})
  void aWrongValueNamesItsFieldAndIsNotRepeated(String field, String value) {
    assertThat(errors(Json.object().put(field, value)))
        .singleElement()
        .satisfies(error -> assertThat(error.field()).isEqualTo(field))
        .satisfies(error -> assertThat(error.detail()).doesNotContain("topsecret"));
  }

  @Test
  void aRotationOverlapsForADayUnlessItSays() {
    assertThat(KeyInput.rotation(fields(Json.object()))).isEqualTo(Rotation.DEFAULT);
    assertThat(KeyInput.rotation(fields(Json.object().put("overlap", "0s"))).overlap())
        .isEqualTo(Duration.ZERO);
    assertThat(KeyInput.rotation(fields(Json.object().put("overlap", "7d"))).overlap())
        .isEqualTo(Duration.ofDays(7));
  }

  private static SigningKey first(ObjectNode body) {
    JsonFields fields = fields(body);
    KeyInput input = KeyInput.read(fields);
    fields.check();
    return input.first();
  }

  private static JsonFields fields(ObjectNode body) {
    return new JsonFields(body, Set.of("signature", "secret", "overlap"));
  }

  private static List<FieldError> errors(ObjectNode body) {
    return Objects.requireNonNull(
            catchThrowableOfType(ProblemException.class, () -> KeyInput.rotation(fields(body))),
            "nothing was refused")
        .problem()
        .errors();
  }
}
