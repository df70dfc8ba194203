package dev.carillon.webhook.address;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.net.InetAddress;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** What is special, written a second time and asked of a second library. */
final class Oracle {

  static final List<String> SPECIAL_IPV4 =
      List.of(
          "0.0.0.0/8",
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          "169.254.0.0/16",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.31.196.0/24",
          "192.52.193.0/24",
          "192.88.99.0/24",
          "192.168.0.0/16",
          "192.175.48.0/24",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/4",
          "240.0.0.0/4",
          "255.255.255.255/32",
          "168.63.129.16/32");

  static final List<String> SPECIAL_IPV6 =
      List.of(
          "::/128",
          "::1/128",
          "::/96",
          "::ffff:0:0:0/96",
          "64:ff9b:1::/48",
          "100::/64",
          "100:0:0:1::/64",
          "2001::/32",
          "2001:2::/48",
          "2001:10::/28",
          "2001:20::/28",
          "2001::/23",
          "2001:db8::/32",
          "2002::/16",
          "2620:4f:8000::/48",
          "3fff::/20",
          "5f00::/16",
          "fc00::/7",
          "fe80::/10",
          "fec0::/10",
          "fe00::/9",
          "ff00::/8",
          "100::/8",
          "200::/7",
          "400::/6",
          "800::/5",
          "1000::/4",
          "4000::/3",
          "6000::/3",
          "8000::/1");

  private static final List<IPAddress> BLOCKS =
      Stream.concat(SPECIAL_IPV4.stream(), SPECIAL_IPV6.stream()).map(Oracle::address).toList();
  private static final IPAddress NAT64 = address("64:ff9b::/96");
  private static final IPAddress RESERVED = address("::/8");

  private Oracle() {}

  static IPAddress address(String text) {
    return new IPAddressString(text).getAddress();
  }

  /** Whether strict rules must refuse the address. ISATAP is left out: no block says it. */
  static boolean refuses(IPAddress address) {
    if (NAT64.contains(address)) {
      return refuses(address.toIPv6().getEmbeddedIPv4Address());
    }
    return BLOCKS.stream().anyMatch(block -> block.contains(address)) || RESERVED.contains(address);
  }

  static boolean refuses(InetAddress address) {
    return refuses(address(IpText.of(address)));
  }

  static InetAddress ipv4(int bits) {
    return IpText.of(
        new byte[] {(byte) (bits >> 24), (byte) (bits >> 16), (byte) (bits >> 8), (byte) bits});
  }

  /** A special IPv4 address: of a random block, and random within it. */
  static InetAddress specialIpv4(Random random) {
    String block = SPECIAL_IPV4.get(random.nextInt(SPECIAL_IPV4.size()));
    Cidr cidr = Cidr.parse(block);
    byte[] bytes = cidr.network().getAddress();
    for (int bit = cidr.prefixLength(); bit < Integer.SIZE; bit++) {
      if (random.nextBoolean()) {
        bytes[bit / Byte.SIZE] |= (byte) (0x80 >> bit % Byte.SIZE);
      }
    }
    return IpText.of(bytes);
  }
}
