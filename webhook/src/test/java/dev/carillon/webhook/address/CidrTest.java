package dev.carillon.webhook.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import inet.ipaddr.IPAddress;
import java.net.InetAddress;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {

  private static final int ROUNDS = 20_000;

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.0.0.0/8",
    "0.0.0.0/0, 0.0.0.0/0",
    "127.0.0.1, 127.0.0.1/32",
    "FD00:0:0::/8, fd00::/8",
    "::/0, ::/0",
    "::1, ::1/128",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1/128",
    "1:0:2:3:4:5:6:7/128, 1:0:2:3:4:5:6:7/128",
    "64:ff9b::10.0.0.0/104, 64:ff9b::a00:0/104"
  })
  void aBlockIsReadAndShownCanonically(String text, String shown) {
    assertThat(Cidr.parse(text)).hasToString(shown).isEqualTo(Cidr.parse(shown));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "/",
        "/8",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/08",
        "10.0.0.0/8/8",
        "10.0.0/8",
        "010.0.0.0/8",
        "0x0a.0.0.0/8",
        "10.0.0.0 /8",
        "::/129",
        "::/+1",
        "fe80::1%1",
        "[::1]",
        ":::/8",
        "1::2::3",
        "12345::",
        "::ffff:010.0.0.0/104",
        "example.com/8",
        "::/9999"
      })
  void anythingElseIsRefusedWithWhatIsAllowed(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Cidr.parse(text))
        .withMessageStartingWith("\"" + text + "\": ")
        .withMessageEndingWith("is allowed");
  }

  @Test
  void bitsBeyondThePrefixAreAMistake() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Cidr.parse("10.1.2.3/12"))
        .withMessage("10.1.2.3/12 has bits beyond its prefix: write 10.0.0.0/12");
  }

  @Test
  void mappedBlocksAreToBeWrittenAsIpv4() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Cidr.parse("::ffff:10.0.0.0/104"))
        .withMessageContaining("IPv4");
  }

  @Test
  void aListHasCommas() {
    assertThat(Cidr.parseList(" 10.0.0.0/8, ::1 "))
        .containsExactly(Cidr.parse("10.0.0.0/8"), Cidr.parse("::1/128"));
    assertThat(Cidr.parseList("  ")).isEmpty();
    assertThatIllegalArgumentException().isThrownBy(() -> Cidr.parseList("10.0.0.0/8,"));
  }

  @Test
  void familiesAreApartButMappedAddressesAreIpv4() {
    byte[] mapped = new byte[16];
    mapped[10] = mapped[11] = (byte) 0xff;
    mapped[12] = 10;

    assertThat(Cidr.parse("10.0.0.0/8").contains(mapped)).isTrue();
    assertThat(Cidr.parse("::/0").contains(mapped)).isFalse();
    assertThat(Cidr.parse("0.0.0.0/0").contains(InetAddress.ofLiteral("::1"))).isFalse();
    assertThatIllegalArgumentException().isThrownBy(() -> Cidr.parse("::/0").contains(new byte[5]));
  }

  @Test
  void containmentIsWhatASecondLibrarySays() {
    Random random = new Random(1);
    for (int i = 0; i < ROUNDS; i++) {
      byte[] address = bytes(random);
      byte[] other = address.clone();
      int bit = random.nextInt(other.length * 8);
      other[bit / 8] ^= (byte) (0x80 >> bit % 8);
      int prefix = random.nextInt(address.length * 8 + 1);
      IPAddress block =
          Oracle.address(IpText.of(IpText.of(address)) + "/" + prefix).toPrefixBlock(prefix);
      Cidr cidr = Cidr.parse(block.toCanonicalString());

      assertThat(cidr.contains(address)).isTrue();
      assertThat(cidr.contains(other))
          .isEqualTo(block.contains(Oracle.address(IpText.of(IpText.of(other)))));
      assertThat(cidr.contains(cidr)).isTrue();
      assertThat(cidr.contains(new Cidr(IpText.of(other), other.length * 8)))
          .isEqualTo(cidr.contains(other));
    }
  }

  @Test
  void addressesAreReadAndShownAsASecondLibraryDoes() {
    Random random = new Random(2);
    for (int i = 0; i < ROUNDS; i++) {
      byte[] bytes = bytes(random);
      IPAddress address = Oracle.address(IpText.of(IpText.of(bytes)));

      assertThat(address.getBytes()).isEqualTo(bytes);
      assertThat(IpText.of(IpText.of(bytes))).isEqualTo(address.toCanonicalString());
      if (address.isIPv6()) {
        assertThat(IpText.ipv6(address.toFullString())).isEqualTo(IpText.of(bytes));
        assertThat(IpText.ipv6(address.toIPv6().toMixedString())).isEqualTo(IpText.of(bytes));
      }
    }
  }

  private static byte[] bytes(Random random) {
    byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = random.nextInt(3) == 0 ? (byte) random.nextInt(256) : 0;
    }
    bytes[0] |= 0x40;
    return bytes;
  }
}
