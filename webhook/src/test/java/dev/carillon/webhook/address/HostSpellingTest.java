package dev.carillon.webhook.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import inet.ipaddr.IPAddressString;
import java.net.InetAddress;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostSpellingTest {

  private static final int ROUNDS = 20_000;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2130706433",
        "0x7f000001",
        "0X7F000001",
        "017700000001",
        "0000000000000017700000001",
        "127.1",
        "127.0.1",
        "0177.0.0.1",
        "0x7f.1",
        "0x7f.0.0.1",
        "0x7F.0x0.0x0.0x1",
        "0x7f.0.1",
        "0177.0.01",
        "127.0x1",
        "0177.1",
        "127.0.0.01",
        "127.0.0.0x1",
        "127.000.000.001",
        "0x7f.00.0x.01",
        "127.0.0.1.",
        "2130706433.",
        "0x7f.1.",
        "%31%32%37.0.0.1",
        "%31%32%37%2e%30%2E%30.1",
        "127%2E1",
        "１２７.０.０.１",
        "127。0。0。1",
        "①②⑦.0.0.1",
        "１２７．1",
        "0ｘ7f.1",
        "127.0.0.1。",
        "1\u00ad27.0.0.1"
      })
  void everySpellingOf127001IsThatAddress(String host) {
    HostSpelling read = HostSpelling.read(host);

    assertThat(read).isInstanceOf(HostSpelling.Literal.class);
    assertThat(read.plain()).isEqualTo("127.0.0.1");
    assertThat(read.isPlain()).isEqualTo(host.equals("127.0.0.1."));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.0.0.0",
    "0x, 0.0.0.0",
    "0.0, 0.0.0.0",
    "4294967295, 255.255.255.255",
    "0xffffffff, 255.255.255.255",
    "037777777777, 255.255.255.255",
    "2852039166, 169.254.169.254",
    "0xa9.0xfe.0xa9.0xfe, 169.254.169.254",
    "0251.0376.0251.0376, 169.254.169.254",
    "169.254.43518, 169.254.169.254",
    "169.16689662, 169.254.169.254",
    "10.1.65535, 10.1.255.255",
    "010.8.8.8, 8.8.8.8",
    "1.16777215, 1.255.255.255"
  })
  void anyNumberOfPartsInAnyBaseIsAnAddress(String host, String address) {
    assertThat(HostSpelling.read(host))
        .isEqualTo(new HostSpelling.Literal(InetAddress.ofLiteral(address), false));
  }

  @ParameterizedTest
  @CsvSource({
    "[::1], ::1, true",
    "[0:0:0:0:0:0:0:1], ::1, true",
    "[::FFFF:127.0.0.1], 127.0.0.1, true",
    "[::ffff:7f00:1], 127.0.0.1, true",
    "[0:0:0:0:0:FFFF:7F00:1], 127.0.0.1, true",
    "[::127.0.0.1], ::7f00:1, true",
    "[FE80::1], fe80::1, true",
    "[fe80::1%25eth0], fe80::1, false",
    "[fe80::1%eth0], fe80::1, false",
    "[2606:4700::1%251], 2606:4700::1, false",
    "[::1%25], ::1, false",
    "[64:FF9B::10.0.0.1], 64:ff9b::a00:1, true"
  })
  void bracketsHoldAnIpv6AddressAndAZoneIsNotPlain(String host, String plain, boolean isPlain) {
    HostSpelling read = HostSpelling.read(host);

    assertThat(read.plain()).isEqualTo(plain);
    assertThat(read.isPlain()).isEqualTo(isPlain);
  }

  @ParameterizedTest
  @CsvSource({
    "Example.COM, example.com, true",
    "example.com., example.com, true",
    "a, a, true",
    "xn--bcher-kva.example, xn--bcher-kva.example, true",
    "1.2.3.4.com, 1.2.3.4.com, true",
    "0x7f.0.0.1x, 0x7f.0.0.1x, true",
    "bücher.example, xn--bcher-kva.example, false",
    "ⓛocalhost, localhost, false",
    "loc%61lhost, localhost, false",
    "1e100.net, 1e100.net, true"
  })
  void anythingElseIsAName(String host, String plain, boolean isPlain) {
    assertThat(HostSpelling.read(host)).isEqualTo(new HostSpelling.Name(plain, isPlain));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "a..b",
        ".a",
        "a..",
        "-a.com",
        "a-.com",
        "under_score.com",
        "a,b",
        "a'b",
        "1.2.3.4.5",
        "256.0.0.1",
        "1.2.3.256",
        "1.2.65536",
        "1.16777216",
        "4294967296",
        "08.8.8.8",
        "0xg.1.1.1.",
        "a.1",
        "a.0x1",
        "1..2",
        "0x100000000",
        "99999999999999999999999",
        "18446744073709551617",
        "[::1",
        "[]",
        "[:]",
        "[::1]x",
        "[1::2::3]",
        "[::1%",
        "[12345::]",
        "[127.0.0.1]",
        "[v1.fe80]",
        "[::ffff:0177.0.0.1]",
        "[::ffff:127.1]",
        "[::ffff:1.2.3.256]",
        "[1:2:3:4:5:6:7]",
        "[1:2:3:4:5:6:7:8:9]",
        "[[::1]]",
        "%",
        "%zz",
        "%00",
        "a%2fb",
        "a%40b",
        "127.0.0.1%00.example.com",
        "a%20b",
        "a+b",
        "\u200b"
      })
  void whatIsNeitherIsRefused(String host) {
    assertThatIllegalArgumentException().isThrownBy(() -> HostSpelling.read(host));
  }

  @Test
  void namesAreAtMost253CharactersLongInLabelsOf63() {
    String label = "a".repeat(63);
    String most = String.join(".", label, label, label, "a".repeat(61));

    assertThat(HostSpelling.read(most).plain()).hasSize(253);
    assertThat(HostSpelling.read(most + ".").plain()).hasSize(253);
    assertThatIllegalArgumentException().isThrownBy(() -> HostSpelling.read(most + "a"));
    assertThatIllegalArgumentException().isThrownBy(() -> HostSpelling.read(label + "a.com"));
  }

  @Test
  void randomSpellingsAreReadAsASecondLibraryDoes() {
    Random random = new Random(5);
    for (int i = 0; i < ROUNDS; i++) {
      int bits = random.nextInt();
      String host = spelling(bits, random);
      byte[] read = ((HostSpelling.Literal) HostSpelling.read(host)).address().getAddress();

      assertThat(read).as(host).isEqualTo(Oracle.ipv4(bits).getAddress());
      assertThat(new IPAddressString(host).getAddress().getBytes()).as(host).isEqualTo(read);
    }
  }

  private static String spelling(int bits, Random random) {
    int parts = 1 + random.nextInt(4);
    StringBuilder host = new StringBuilder();
    for (int part = 0; part < parts; part++) {
      boolean last = part == parts - 1;
      long rest = bits & (0xffffffffL >>> (8 * part));
      long value = last ? rest : rest >> (24 - 8 * part);
      host.append(part == 0 ? "" : ".").append(number(value, random.nextInt(3)));
    }
    return host.toString();
  }

  private static String number(long value, int base) {
    return switch (base) {
      case 0 -> Long.toString(value);
      case 1 -> "0" + Long.toOctalString(value);
      default -> "0x" + Long.toHexString(value);
    };
  }
}
