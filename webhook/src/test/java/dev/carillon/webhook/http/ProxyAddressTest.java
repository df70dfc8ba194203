package dev.carillon.webhook.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyAddressTest {

  @ParameterizedTest
  @CsvSource({
    "http://proxy.example:3128, proxy.example, 3128,,",
    "HTTP://10.0.0.1:80/, 10.0.0.1, 80,,",
    "' http://[::1]:3128 ', ::1, 3128,,",
    "http://a:b@proxy:3128, proxy, 3128, a, b",
    "http://a%40b:c%3Ad%2B+e@proxy:1, proxy, 1, a@b, c:d++e",
    "http://a:@proxy:65535, proxy, 65535, a, ''"
  })
  void itIsReadFromAUrl(String text, String host, int port, String user, String password) {
    assertThat(ProxyAddress.parse(text)).isEqualTo(new ProxyAddress(host, port, user, password));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "proxy:3128",
        "https://proxy:3128",
        "socks5://proxy:3128",
        "http:proxy",
        "http://proxy",
        "http://:3128",
        "http://hunter2@proxy:3128",
        "http://:hunter2@proxy:3128",
        "http://proxy:3128/hunter2",
        "http://proxy:3128?hunter2",
        "http://proxy:3128#hunter2",
        "http://proxy:0",
        "http://proxy:65536",
        "http://a:hunter2 @proxy:3128",
        "http://a%3Ab:hunter2@proxy:3128"
      })
  void anythingElseIsRefusedWithoutRepeatingIt(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProxyAddress.parse(text))
        .withMessageStartingWith("the proxy")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hunter2"));
  }

  @Test
  void itsTextHidesThePassword() {
    assertThat(new ProxyAddress("proxy", 3128, "a", "hunter2"))
        .hasToString("ProxyAddress[host=proxy, port=3128, user=a]");
  }
}
