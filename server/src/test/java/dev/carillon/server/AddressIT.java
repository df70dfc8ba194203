package dev.carillon.server;

import static dev.carillon.server.Api.assertNames;
import static dev.carillon.server.Api.list;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that is not on a laptop: nothing internal is dialled. */
class AddressIT {

  private static final String GENERIC = "the address is not allowed";

  private static final RunningServer SERVER = start();

  private final Api api = Api.of(SERVER);

  /** Its names come from a file: the internet is not asked, and a name may mean this machine. */
  private static RunningServer start() {
    return RunningServer.start(
        Map.of(
            "ENVIRONMENT",
            "dev",
            "ENCRYPTION_KEY",
            OwnEndpoints.ENCRYPTION_KEY,
            "JAVA_TOOL_OPTIONS",
            "-Djdk.net.hosts.file=" + hosts()));
  }

  private static Path hosts() {
    try {
      return Files.writeString(
          Files.createTempFile("hosts", ""), "127.0.0.1 rebound.example.com\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterAll
  static void nothingSecretIsWritten() {
    SERVER.close();
    assertThat(RunningServer.leaks()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://10.0.0.1/in",
        "https://169.254.169.254/latest/meta-data",
        "https://127.1/in",
        "https://0x7f000001/in",
        "https://localhost/in",
        "https://[::1]/in",
        "https://[::ffff:10.0.0.1]/in",
        "https://[64:ff9b::a00:1]/in"
      })
  void anInternalAddressIsRefusedWithoutSayingWhy(String url) {
    HttpResponse<String> response = create("internal", url);

    assertNames(response, "url");
    assertThat(response.body())
        .contains(GENERIC)
        .doesNotContainIgnoringCase("loopback", "private", "link-local", "this machine");
  }

  @ParameterizedTest
  @CsvSource({
    "http://hooks.example.com/in, must begin with https://",
    "http://169.254.169.254/, must begin with https://",
    "https://hooks.example.com:6379/in, port",
  })
  void whatIsAboutTheFormIsSaid(String url, String reason) {
    HttpResponse<String> response = create("badly-formed", url);

    assertNames(response, "url");
    assertThat(response.body()).contains(reason);
  }

  @Test
  void aNameThatMeansThisMachineIsRefusedWhenItIsDialled() {
    HttpResponse<String> made = create("rebound", "https://rebound.example.com/in");
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    String user = api.soon(it -> it.put("endpoint", "rebound"));

    JsonNode failed = api.await(user, "FAILED");
    JsonNode pong = Api.ok(api.post(Hook.ENDPOINTS + "/rebound/ping"));

    String event = failed.path("id").textValue();
    List<JsonNode> attempts = list(api.read(Api.EVENTS + "/" + event + "/attempts"), "attempts");
    assertThat(failed.path("failure_reason").textValue()).isEqualTo(GENERIC);
    assertThat(attempts).hasSize(1);
    assertThat(attempts.getFirst().at("/details/error").textValue()).isEqualTo(GENERIC);
    assertThat(pong.path("delivered").booleanValue()).isFalse();
    assertThat(pong.at("/details/error").textValue()).isEqualTo(GENERIC);
    assertThat(SERVER.err())
        .anyMatch(line -> line.contains(event) && line.contains("127.0.0.1 is a loopback address"));
  }

  private HttpResponse<String> create(String name, String url) {
    return api.send(
        "POST", Hook.ENDPOINTS, "{\"name\": \"%s\", \"url\": \"%s\"}".formatted(name, url));
  }
}
