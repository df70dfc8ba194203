package dev.carillon.webhook.address;

import dev.carillon.webhook.address.SpecialBlock.Kind;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that are not ordinary hosts of the internet: the IANA registries of special-purpose
 * addresses for IPv4 and IPv6 (RFC 6890 and its updates, as of 2024-10-22), also where they call a
 * block globally reachable, since no endpoint is in it; the registry of the IPv6 address space; and
 * the metadata services of clouds. Of IPv6, only 2000::/3 is global unicast at all (RFC 4291,
 * section 2.4).
 */
public final class SpecialAddresses {

  private static final Cidr GLOBAL_UNICAST = Cidr.parse("2000::/3");

  // The first row that holds an address counts: those within others come before them.
  private static final List<SpecialBlock> IPV4 =
      List.of(
          guarded("0.0.0.0/32", "the unspecified address"),
          ordinary("0.0.0.0/8", "an address of \"this network\""),
          ordinary("10.0.0.0/8", "a private address"),
          guarded("100.100.100.200/32", "the metadata service of Alibaba Cloud"),
          ordinary("100.64.0.0/10", "an address of carrier-grade NAT"),
          loopback("127.0.0.0/8"),
          guarded("168.63.129.16/32", "the platform service of Azure"),
          guarded("169.254.169.254/32", "the metadata service of most clouds"),
          guarded("169.254.170.2/32", "the credentials service of Amazon ECS"),
          guarded("169.254.170.23/32", "the credentials service of Amazon EKS"),
          guarded("169.254.0.23/32", "the metadata service of Tencent Cloud"),
          ordinary("169.254.0.0/16", "a link-local address"),
          ordinary("172.16.0.0/12", "a private address"),
          guarded("192.0.0.192/32", "the metadata service of Oracle Cloud"),
          ordinary("192.0.0.0/24", "an address of IETF protocol assignments"),
          ordinary("192.0.2.0/24", "a documentation address"),
          ordinary("192.31.196.0/24", "an anycast address of AS112"),
          ordinary("192.52.193.0/24", "an anycast address of AMT relays"),
          ordinary("192.88.99.0/24", "an anycast address of 6to4 relays"),
          ordinary("192.168.0.0/16", "a private address"),
          ordinary("192.175.48.0/24", "an anycast address of AS112"),
          ordinary("198.18.0.0/15", "a benchmarking address"),
          ordinary("198.51.100.0/24", "a documentation address"),
          ordinary("203.0.113.0/24", "a documentation address"),
          guarded("224.0.0.0/4", "a multicast address"),
          guarded("255.255.255.255/32", "the broadcast address"),
          ordinary("240.0.0.0/4", "a reserved address"));

  private static final List<SpecialBlock> IPV6 =
      List.of(
          guarded("::/128", "the unspecified address"),
          loopback("::1/128"),
          ordinary("::/96", "an IPv4-compatible address"),
          ordinary("::ffff:0:0:0/96", "an IPv4-translated address (SIIT)"),
          ordinary("64:ff9b:1::/48", "an address of local NAT64"),
          ordinary("::/8", "a reserved address"),
          ordinary("100::/64", "a discard-only address"),
          ordinary("100:0:0:1::/64", "an address of the dummy prefix"),
          ordinary("2001::/32", "a Teredo address"),
          ordinary("2001:2::/48", "a benchmarking address"),
          ordinary("2001:10::/28", "an ORCHID"),
          ordinary("2001:20::/28", "an ORCHID"),
          ordinary("2001:30::/28", "a drone's identifier"),
          ordinary("2001::/23", "an address of IETF protocol assignments"),
          ordinary("2001:db8::/32", "a documentation address"),
          ordinary("2002::/16", "a 6to4 address"),
          ordinary("2620:4f:8000::/48", "an anycast address of AS112"),
          ordinary("3fff::/20", "a documentation address"),
          ordinary("5f00::/16", "a segment routing address"),
          guarded("fd00:ec2::254/128", "the metadata service of Amazon EC2"),
          guarded("fd00:ec2::23/128", "the credentials service of Amazon EKS"),
          guarded("fd00:c1::a9fe:a9fe/128", "the metadata service of Oracle Cloud"),
          guarded("fd20:ce::254/128", "the metadata service of Google Cloud"),
          ordinary("fc00::/7", "a unique local address"),
          guarded("fe80::a9fe:a9fe/128", "the metadata service of OpenStack"),
          ordinary("fe80::/10", "a link-local address"),
          ordinary("fec0::/10", "a site-local address"),
          ordinary("fe00::/9", "a reserved address"),
          guarded("ff00::/8", "a multicast address"));

  private SpecialAddresses() {}

  /** All rows, IPv4 before IPv6; a row within another comes before it. */
  public static List<SpecialBlock> all() {
    return Stream.concat(IPV4.stream(), IPV6.stream()).toList();
  }

  /**
   * The special block that the address, taken as it is, belongs to; null if it is an ordinary one.
   */
  public static @Nullable SpecialBlock blockOf(InetAddress address) {
    byte[] bytes = address.getAddress();
    boolean ipv4 = bytes.length == 4;
    for (SpecialBlock row : ipv4 ? IPV4 : IPV6) {
      if (row.block().contains(bytes)) {
        return row;
      }
    }
    return ipv4 ? null : beyondTheRegistries(bytes);
  }

  private static @Nullable SpecialBlock beyondTheRegistries(byte[] bytes) {
    if (!GLOBAL_UNICAST.contains(bytes)) {
      return new SpecialBlock(GLOBAL_UNICAST, "not a global unicast address", Kind.ORDINARY);
    }
    Cidr self = new Cidr(IpText.of(bytes), bytes.length * Byte.SIZE);
    return EmbeddedIpv4.isIsatap(bytes)
        ? new SpecialBlock(self, "an ISATAP address", Kind.ORDINARY)
        : null;
  }

  private static SpecialBlock ordinary(String block, String name) {
    return new SpecialBlock(Cidr.parse(block), name, Kind.ORDINARY);
  }

  private static SpecialBlock loopback(String block) {
    return new SpecialBlock(Cidr.parse(block), "a loopback address", Kind.LOOPBACK);
  }

  private static SpecialBlock guarded(String block, String name) {
    return new SpecialBlock(Cidr.parse(block), name, Kind.GUARDED);
  }
}
