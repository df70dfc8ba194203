package dev.carillon.webhook.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookRequestTest {

  private static final URI URL = URI.create("https://example.com/hunter2");

  @Test
  void headersKeepTheirOrder() {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("z", "1");
    headers.put("a", "\t~ ");
    headers.put("m", "");
    assertThat(request(headers, Clients.LONG).headers()).containsExactlyEntriesOf(headers);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a:", "a\r\n", "é"})
  void aNameThatIsNoTokenIsRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> request(Map.of(name, "x"), Clients.LONG))
        .withMessageStartingWith("headers has a name that is no HTTP token");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Host", "content-length", "Transfer-Encoding", "Proxy-Authorization"})
  void aHeaderOfTheClientItselfIsRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> request(Map.of(name, "x"), Clients.LONG))
        .withMessage("headers has %s, which the client sets", name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hunter2\r\nevil: x", "hunter2\u0000", "hunter2é", "hunter2\u007f"})
  void aValueThatWouldNotArriveAsItIsIsRefusedWithoutRepeatingIt(String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> request(Map.of("x-token", value), Clients.LONG))
        .withMessage("headers has a value of x-token with other than printable ASCII characters");
  }

  @ParameterizedTest
  @CsvSource({"PT0S", "PT-1S", "PT0.0005S", "PT5M0.001S", "PT2562047788015215H"})
  void aTimeoutOutsideOfItsRangeIsRefused(Duration bad) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> request(Map.of(), bad))
        .withMessage("timeout is %s: from 1 ms to 300 s are allowed", bad);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ClientConfig(bad, 1, Clients.LOOPBACK, Clients.NAMES, null, "x"))
        .withMessageStartingWith("connectTimeout is");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 10_001})
  void connectionsAreFrom1To10000(int bad) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new ClientConfig(Clients.LONG, bad, Clients.LOOPBACK, Clients.NAMES, null, "x"))
        .withMessage("maxConnections is %d: from 1 to 10000 are allowed", bad);
  }

  @Test
  void itsTextHidesWhatMayBeSecret() {
    assertThat(request(Map.of("x-token", "hunter2"), Clients.LONG).toString())
        .doesNotContain("hunter2");
  }

  private static WebhookRequest request(Map<String, String> headers, Duration timeout) {
    return new WebhookRequest(URL, headers, new byte[0], timeout, null);
  }
}
