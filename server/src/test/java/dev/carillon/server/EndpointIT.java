package dev.carillon.server;

import static dev.carillon.server.Api.assertNames;
import static dev.carillon.server.Api.assertProblem;
import static dev.carillon.server.Api.json;
import static dev.carillon.server.Api.list;
import static dev.carillon.server.Api.ok;
import static dev.carillon.server.Api.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.server.security.Role;
import dev.carillon.webhook.sign.SignatureKind;
import dev.carillon.webhook.sign.SigningKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class EndpointIT {

  private static final String ENDPOINTS = "/v1/endpoints";
  private static final String URL = "https://127.0.0.1:9/in";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final RunningServer server = RunningServer.shared();
  private final Api api = Api.of(server);

  @Nested
  class Creating {

    @Test
    void aNewEndpointShowsItsSecretThisOnce() {
      HttpResponse<String> response = post(endpoint());
      JsonNode made = json(response);
      String id = made.path("id").textValue();

      assertThat(response.statusCode()).isEqualTo(201);
      assertThat(response.headers().firstValue("location"))
          .hasValueSatisfying(location -> assertThat(location).endsWith(ENDPOINTS + "/" + id));
      assertThat(response.headers().firstValue("cache-control")).hasValue("no-store");
      assertThat(SigningKey.parse(made.path("secret").textValue()).kind())
          .isEqualTo(SignatureKind.V1);
      assertThat(api.read(ENDPOINTS + "/" + id)).isEqualTo(((ObjectNode) made).without("secret"));
    }

    @Test
    void whatNobodyChoseHasItsDefault() {
      JsonNode made = made(endpoint());

      assertThat(made.path("signature").textValue()).isEqualTo("v1");
      assertThat(made.path("policy").textValue()).isEqualTo("carillon");
      assertThat(made.path("retry").textValue()).isEqualTo("exponential");
      assertThat(made.path("concurrency").intValue()).isEqualTo(100);
      assertThat(made.path("rate_limit").isNull()).isTrue();
      assertThat(made.path("timeout").textValue()).isEqualTo("20s");
      assertThat(made.path("disabled").booleanValue()).isFalse();
      assertThat(made.path("managed").booleanValue()).isFalse();
      assertThat(made.path("revision").intValue()).isEqualTo(1);
    }

    @Test
    void everythingMayBeChosen() {
      SigningKey key = SigningKey.generate(SignatureKind.V1A);
      ObjectNode body =
          endpoint()
              .put("signature", "v1a")
              .put("secret", key.secret())
              .put("policy", "standard-webhooks")
              .put("concurrency", 7)
              .put("rate_limit", 0.5)
              .put("burst", 3)
              .put("timeout", "1500ms")
              .put("alerts", true)
              .put("disabled", true)
              .put("client_certificate", pem("client.pem"))
              .put("client_key", pem("client-key.pem"))
              .put("ca_certificate", pem("client.pem"));
      body.putArray("retry").add("5s").add("1m");

      JsonNode made = made(body);

      body.fieldNames()
          .forEachRemaining(field -> {
            if (!field.equals("client_key")) {
              assertThat(made.path(field)).as(field).isEqualTo(body.path(field));
            }
          });
      assertThat(made.has("client_key")).isFalse();
      assertThat(made.path("public_key").textValue()).isEqualTo(key.publicKey().orElseThrow());
      assertThat(made.path("disabled_reason").textValue()).isNotEmpty();
    }

    @Test
    void aNameIsUsedOnce() {
      ObjectNode body = endpoint();
      made(body);

      assertProblem(post(body), 409);
    }

    @Test
    void everythingThatIsWrongIsToldAtOnceAndNoSecretIsRepeated() {
      ObjectNode body =
          JSON.createObjectNode()
              .put("name", "Not A Name")
              .put("url", "https://me:topsecret@hooks.example.com")
              .put("secret", "whsec_topsecret")
              .put("client_key", "topsecret")
              .put("concurrency", "many")
              .put("nmae", "x");

      HttpResponse<String> response = post(body);

      assertNames(response, "name", "url", "secret", "client_key", "concurrency", "nmae");
      assertThat(response.body()).doesNotContain("topsecret");
    }
  }

  @Nested
  class Reading {

    @Test
    void anEndpointIsFoundByItsName() {
      JsonNode made = made(endpoint());

      assertThat(read(made.path("name").textValue()).path("id")).isEqualTo(made.path("id"));
    }

    @ParameterizedTest
    @CsvSource({"nobody", "019e830e-1a00-7ef8-8bc0-f8839d92d41d", "Not-A-Name", "a%20b"})
    void whoIsNotThereIsNotFound(String ref) {
      assertProblem(api.get(ENDPOINTS + "/" + ref), 404);
      assertProblem(api.send("PATCH", ENDPOINTS + "/" + ref, "{}"), 404);
      assertProblem(api.send("DELETE", ENDPOINTS + "/" + ref, ""), 404);
      assertProblem(api.post(ENDPOINTS + "/" + ref + "/rotate"), 404);
      assertProblem(api.post(ENDPOINTS + "/" + ref + "/disable"), 404);
      assertProblem(api.get(ENDPOINTS + "/" + ref + "/public-keys"), 404);
    }

    @Test
    void pagesHaveNoGapAndNoRepetitionAndNoSecret() {
      List<String> made = new ArrayList<>();
      IntStream.range(0, 5).forEach(_ -> made.add(made(endpoint()).path("id").textValue()));
      List<String> read = new ArrayList<>();
      String cursor = "";
      while (!read.containsAll(made)) {
        JsonNode page = api.read(ENDPOINTS + "?limit=2" + cursor);
        assertThat(page.toString()).doesNotContain("whsec_", "secret");
        read.addAll(texts(list(page, "endpoints"), "id"));
        cursor = "&cursor=" + page.path("next_cursor").textValue();
      }

      assertThat(read).doesNotHaveDuplicates();
    }
  }

  @Nested
  class Changing {

    private final JsonNode made = made(endpoint().put("rate_limit", 5).put("alerts", true));
    private final String path = ENDPOINTS + "/" + made.path("id").textValue();

    @Test
    void onlyWhatIsGivenChanges() {
      JsonNode changed = patch("{\"url\": \"https://other.example.com\", \"rate_limit\": null}");

      assertThat(changed.path("url").textValue()).isEqualTo("https://other.example.com");
      assertThat(changed.path("rate_limit").isNull()).isTrue();
      assertThat(changed.path("alerts").booleanValue()).isTrue();
      assertThat(changed.path("revision").intValue()).isEqualTo(2);
      assertThat(api.read(path)).isEqualTo(changed);
    }

    @Test
    void aChangeOfAnOldRevisionIsRefused() {
      patch("{\"alerts\": false, \"revision\": 1}");

      assertProblem(api.send("PATCH", path, "{\"alerts\": true, \"revision\": 1}"), 409);
      assertThat(api.read(path).path("alerts").booleanValue()).isFalse();
    }

    @Test
    void aTakenNameIsRefused() {
      String taken = made(endpoint()).path("name").textValue();

      assertProblem(api.send("PATCH", path, "{\"name\": \"%s\"}".formatted(taken)), 409);
    }

    @Test
    void whatIsChangedElsewhereSaysWhere() {
      HttpResponse<String> response =
          api.send(
              "PATCH",
              path,
              """
              {"signature": "v1a", "secret": "whsec_x", "disabled": true, "name": null}
              """);

      assertNames(response, "signature", "secret", "disabled", "name");
      assertThat(response.body()).contains("/rotate", "/disable");
    }

    @Test
    void anEndpointIsDisabledWithItsReasonAndEnabledAgain() {
      JsonNode disabled = ok(api.send("POST", path + "/disable", "{\"reason\": \"being moved\"}"));
      JsonNode again = ok(api.post(path + "/disable"));
      JsonNode enabled = ok(api.post(path + "/enable"));

      assertThat(disabled.path("disabled").booleanValue()).isTrue();
      assertThat(disabled.path("disabled_reason").textValue()).isEqualTo("being moved");
      assertThat(disabled.path("disabled_at").textValue()).endsWith("Z");
      assertThat(again).isEqualTo(disabled);
      assertThat(enabled.path("disabled").booleanValue()).isFalse();
      assertThat(enabled.path("disabled_at").isNull()).isTrue();
      assertNames(api.send("POST", path + "/disable", "{\"reason\": \" \"}"), "reason");
    }

    @Test
    void aDeletedEndpointIsGone() {
      assertThat(api.send("DELETE", path, "").statusCode()).isEqualTo(204);
      assertProblem(api.get(path), 404);
    }

    private JsonNode patch(String body) {
      return ok(api.send("PATCH", path, body));
    }
  }

  @Nested
  class Rotating {

    private final JsonNode made = made(endpoint());
    private final String path = ENDPOINTS + "/" + made.path("id").textValue();

    @Test
    void theNewSecretIsShownOnceAndTheOldKeyEndsInADay() {
      HttpResponse<String> response = api.post(path + "/rotate");
      JsonNode rotated = ok(response);
      List<JsonNode> keys = list(rotated, "keys");

      assertThat(response.headers().firstValue("cache-control")).hasValue("no-store");
      assertThat(rotated.path("secret").textValue())
          .startsWith("whsec_")
          .isNotEqualTo(made.path("secret").textValue());
      assertThat(keys).hasSize(2);
      assertThat(keys.getFirst().path("expires_at").isNull()).isTrue();
      assertThat(
              Duration.between(
                  Api.instant(keys.getFirst(), "created_at"),
                  Api.instant(keys.getLast(), "expires_at")))
          .isEqualTo(Duration.ofHours(24));
      assertThat(keys.toString()).doesNotContain("whsec_");
    }

    @Test
    void withoutOverlapTheOldKeyIsGone() {
      assertThat(list(rotate("{\"overlap\": \"0s\"}"), "keys")).hasSize(1);
    }

    @Test
    void theKindChangesAndThePublicKeysCanBeRead() {
      assertThat(list(api.read(path + "/public-keys"), "public_keys")).isEmpty();

      JsonNode rotated = rotate("{\"signature\": \"v1a\"}");

      assertThat(rotated.path("secret").textValue()).startsWith("whsk_");
      assertThat(api.read(path).path("signature").textValue()).isEqualTo("v1a");
      List<JsonNode> keys = list(api.read(path + "/public-keys"), "public_keys");
      assertThat(texts(keys, "public_key"))
          .containsExactly(
              SigningKey.parse(rotated.path("secret").textValue()).publicKey().orElseThrow());
    }

    @Test
    void aGivenKeyMustBeOfTheKindAndTenLiveAtMost() {
      String v1a = SigningKey.generate(SignatureKind.V1A).secret();
      HttpResponse<String> wrong =
          api.send("POST", path + "/rotate", "{\"secret\": \"%s\"}".formatted(v1a));
      assertNames(wrong, "secret");
      assertThat(wrong.body()).doesNotContain(v1a);

      IntStream.range(1, 10).forEach(_ -> rotate("{}"));

      assertProblem(api.post(path + "/rotate"), 409);
    }

    private JsonNode rotate(String body) {
      return ok(api.send("POST", path + "/rotate", body));
    }
  }

  @Nested
  class Allowing {

    @ParameterizedTest
    @EnumSource(
        value = Role.class,
        names = {"ADMIN", "SERVICE"})
    void administratorsAndServicesMayDoEverything(Role role) {
      Api caller = api.as(role, "someone");
      HttpResponse<String> response = caller.send("POST", ENDPOINTS, endpoint().toString());

      assertThat(response.statusCode()).isEqualTo(201);
      String path = ENDPOINTS + "/" + json(response).path("name").textValue();
      ok(caller.get(path));
      assertThat(caller.send("DELETE", path, "").statusCode()).isEqualTo(204);
    }

    @Test
    void usersMayDoNothing() {
      String path = ENDPOINTS + "/" + made(endpoint()).path("id").textValue();
      Api user = api.as(Role.USER, UUID.randomUUID().toString());

      assertProblem(user.get(ENDPOINTS), 403);
      assertProblem(user.send("POST", ENDPOINTS, endpoint().toString()), 403);
      assertProblem(user.get(path), 403);
      assertProblem(user.send("PATCH", path, "{}"), 403);
      assertProblem(user.send("DELETE", path, ""), 403);
      for (String verb : List.of("rotate", "enable", "disable")) {
        assertProblem(user.post(path + "/" + verb), 403);
      }
      assertProblem(user.get(path + "/public-keys"), 403);
    }
  }

  @Test
  void nothingSecretIsLogged() {
    JsonNode made = made(endpoint());
    String path = ENDPOINTS + "/" + made.path("id").textValue();
    JsonNode rotated = ok(api.post(path + "/rotate"));

    assertThat(String.join("\n", server.out()) + String.join("\n", server.err()))
        .doesNotContain(made.path("secret").textValue(), rotated.path("secret").textValue());
  }

  private static ObjectNode endpoint() {
    return JSON.createObjectNode().put("name", "it-" + COUNT.incrementAndGet()).put("url", URL);
  }

  private HttpResponse<String> post(ObjectNode body) {
    return api.send("POST", ENDPOINTS, body.toString());
  }

  private JsonNode made(ObjectNode body) {
    HttpResponse<String> response = post(body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    return json(response);
  }

  private JsonNode read(String ref) {
    return api.read(ENDPOINTS + "/" + ref);
  }

  private static String pem(String file) {
    try (InputStream in = EndpointIT.class.getResourceAsStream(file)) {
      return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
