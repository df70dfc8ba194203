package dev.carillon.webhook.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.carillon.webhook.address.NameResolver;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LookupsTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final NameResolver NAMES =
      host ->
          switch (host) {
            case "found.example", "127.0.0.1" -> InetAddress.getAllByName("127.0.0.1");
            case "broken.example" ->
                throw new UnknownHostException(host + ": Temporary failure in name resolution");
            default -> throw new UnknownHostException(host + ": Name or service not known");
          };

  @Test
  void aResolverThatCannotTellIsOursWhileNoNameIsFound() throws Exception {
    try (Lookups lookups = new Lookups(NAMES)) {
      lookups.resolve("127.0.0.1", LONG);

      assertThat(fault(lookups, "broken.example")).isEqualTo(Fault.OURS);
    }
  }

  @Test
  void whileOthersAreFoundTheServersOfTheNameAreToBlame() throws Exception {
    try (Lookups lookups = new Lookups(NAMES)) {
      lookups.resolve("found.example", LONG);

      assertThat(fault(lookups, "broken.example")).isEqualTo(Fault.ENDPOINT);
    }
  }

  @Test
  void aNameThatIsNotThereIsTheEndpointsFault() {
    try (Lookups lookups = new Lookups(NAMES)) {
      assertThat(fault(lookups, "missing.example")).isEqualTo(Fault.ENDPOINT);
    }
  }

  private static Fault fault(Lookups lookups, String host) {
    return catchThrowableOfType(ExchangeFailure.class, () -> lookups.resolve(host, LONG)).fault();
  }
}
