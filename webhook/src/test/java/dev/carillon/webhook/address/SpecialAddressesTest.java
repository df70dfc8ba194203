package dev.carillon.webhook.address;

import static org.assertj.core.api.Assertions.assertThat;

import inet.ipaddr.IPAddress;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SpecialAddressesTest {

  private static final int ROUNDS = 100_000;
  private static final AddressPolicy STRICT = AddressPolicy.strict();

  static Stream<String> blocks() {
    return Stream.concat(Oracle.SPECIAL_IPV4.stream(), Oracle.SPECIAL_IPV6.stream());
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void aBlockIsRefusedFromItsFirstAddressToItsLastAndNoFurther(String block) {
    IPAddress first = Oracle.address(block).getLower().withoutPrefixLength();
    IPAddress last = Oracle.address(block).getUpper().withoutPrefixLength();

    assertThat(refused(first)).as("first").isTrue();
    assertThat(refused(last)).as("last").isTrue();
    if (!first.isZero()) {
      assertThat(refused(first.increment(-1)))
          .as("below")
          .isEqualTo(Oracle.refuses(first.increment(-1)));
    }
    if (!last.isMax()) {
      assertThat(refused(last.increment(1)))
          .as("above")
          .isEqualTo(Oracle.refuses(last.increment(1)));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1.0.0.0, 9.255.255.255", "11.0.0.0, 100.63.255.255", "100.128.0.0, 126.255.255.255",
    "128.0.0.0, 169.253.255.255", "169.255.0.0, 172.15.255.255", "172.32.0.0, 191.255.255.255",
    "192.0.1.0, 192.0.1.255", "192.0.3.0, 192.88.98.255", "192.88.100.0, 192.167.255.255",
    "192.169.0.0, 198.17.255.255", "198.20.0.0, 198.51.99.255", "198.51.101.0, 203.0.112.255",
    "203.0.114.0, 223.255.255.255", "168.63.129.15, 168.63.129.17", "8.8.8.8, 1.1.1.1"
  })
  void theNeighboursOfSpecialIpv4BlocksAreOrdinary(String one, String other) {
    assertThat(List.of(one, other)).noneMatch(address -> refused(Oracle.address(address)));
  }

  @ParameterizedTest
  @CsvSource({
    "2001:200::",
    "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff",
    "2001:db9::",
    "2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "2003::",
    "2000::",
    "2606:4700:4700::1111",
    "2a00:1450:4001:831::200e",
    "3fff:1000::",
    "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "64:ff9b::8.8.8.8",
    "2620:4f:7fff::",
    "2620:4f:8001::"
  })
  void theNeighboursOfSpecialIpv6BlocksAreOrdinary(String address) {
    assertThat(refused(Oracle.address(address))).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          127.0.0.1 | 127.0.0.1 is a loopback address (127.0.0.0/8)
          169.254.169.254 | 169.254.169.254 is the metadata service of most clouds (169.254.169.254/32)
          100.100.100.200 | 100.100.100.200 is the metadata service of Alibaba Cloud (100.100.100.200/32)
          168.63.129.16 | 168.63.129.16 is the platform service of Azure (168.63.129.16/32)
          192.0.0.192 | 192.0.0.192 is the metadata service of Oracle Cloud (192.0.0.192/32)
          fd00:ec2::254 | fd00:ec2::254 is the metadata service of Amazon EC2 (fd00:ec2::254/128)
          ::ffff:10.1.2.3 | 10.1.2.3 is a private address (10.0.0.0/8)
          64:ff9b::7f00:1 | 64:ff9b::7f00:1, which means 127.0.0.1, is a loopback address (127.0.0.0/8)
          2002:7f00:1::1 | 2002:7f00:1::1 is a 6to4 address of 127.0.0.1 (2002::/16)
          2001::80ff:fffe | 2001::80ff:fffe is a Teredo address of 127.0.0.1 (2001::/32)
          ::127.0.0.1 | ::7f00:1 is an IPv4-compatible address of 127.0.0.1 (::/96)
          ::ffff:0:7f00:1 | ::ffff:0:7f00:1 is an IPv4-translated address (SIIT) of 127.0.0.1 (::ffff:0:0:0/96)
          2606:4700::5efe:a00:1 | 2606:4700::5efe:a00:1 is an ISATAP address of 10.0.0.1 (2606:4700::5efe:a00:1/128)
          4000::1 | 4000::1 is not a global unicast address (2000::/3)
          fe80::1 | fe80::1 is a link-local address (fe80::/10)
          ff02::1 | ff02::1 is a multicast address (ff00::/8)
          :: | :: is the unspecified address (::/128)
          """)
  void theReasonSaysWhatAnAddressIs(String address, String reason) {
    assertThat(STRICT.addresses(InetAddress.ofLiteral(address)))
        .isEqualTo(new Verdict.Refused(reason, Verdict.GENERIC_REASON));
  }

  @Test
  void everyRowCanBeReached() {
    Set<SpecialBlock> reached = new HashSet<>();
    for (SpecialBlock row : SpecialAddresses.all()) {
      IPAddress block = Oracle.address(row.block().toString());
      for (int offset : new int[] {0, 2, 0x10000, 77}) {
        if (block.getCount().bitLength() > Integer.SIZE - 1
            || offset < block.getCount().intValue()) {
          reached.add(blockOf(block.getLower().withoutPrefixLength().increment(offset)));
        }
      }
      reached.add(blockOf(block.getUpper().withoutPrefixLength()));
    }
    assertThat(reached).containsAll(SpecialAddresses.all());
  }

  @Test
  void randomIpv4AddressesAreJudgedAsTheOracleDoes() {
    Random random = new Random(3);
    for (int i = 0; i < ROUNDS; i++) {
      IPAddress address = Oracle.address(IpText.of(Oracle.ipv4(random.nextInt())));
      assertThat(refused(address)).as("%s", address).isEqualTo(Oracle.refuses(address));
    }
  }

  @Test
  void randomIpv6AddressesAreJudgedAsTheOracleDoes() {
    Random random = new Random(4);
    byte[] bytes = new byte[16];
    for (int i = 0; i < ROUNDS; i++) {
      random.nextBytes(bytes);
      if (i % 2 == 0) {
        bytes[0] = 0x20;
        bytes[1] = (byte) random.nextInt(4);
      }
      IPAddress address = Oracle.address(IpText.of(IpText.of(bytes)));
      assertThat(refused(address)).as("%s", address).isEqualTo(Oracle.refuses(address));
    }
  }

  private static SpecialBlock blockOf(IPAddress address) {
    SpecialBlock row = SpecialAddresses.blockOf(IpText.of(address.getBytes()));
    if (row == null) {
      throw new AssertionError(address + " is in no row");
    }
    return row;
  }

  private static boolean refused(IPAddress address) {
    return STRICT.addresses(IpText.of(address.getBytes())) instanceof Verdict.Refused;
  }
}
