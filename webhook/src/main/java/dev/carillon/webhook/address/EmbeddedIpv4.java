package dev.carillon.webhook.address;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The IPv4 address inside an IPv6 address. Two forms mean the inner address itself and are judged
 * by it: the IPv4-mapped (which Java turns into IPv4 wherever it makes an address) and that of the
 * well-known NAT64 prefix, by which a host without IPv4 reaches all of it. The others are tunnels
 * and translators to who knows where.
 */
final class EmbeddedIpv4 {

  private static final int ISATAP_FLAGS = 0x02;

  /** An embedding: the block in which it is used, and how to get at the inner address. */
  private record Form(Cidr block, UnaryOperator<byte[]> inner) {
    static Form of(String block, int offset) {
      return new Form(Cidr.parse(block), bytes -> Arrays.copyOfRange(bytes, offset, offset + 4));
    }
  }

  // RFC 6052, section 2.1.
  private static final Form NAT64 = Form.of("64:ff9b::/96", 12);

  private static final Form[] TUNNELS = {
    // RFC 8215: of the layouts that the prefix allows, the one of /96 is what is in use.
    Form.of("64:ff9b:1::/48", 12),
    // RFC 2765, section 2.1: SIIT.
    Form.of("::ffff:0:0:0/96", 12),
    // RFC 4291, section 2.5.5.1: IPv4-compatible.
    Form.of("::/96", 12),
    // RFC 3056, section 2: 6to4.
    Form.of("2002::/16", 2),
    // RFC 4380, section 4: Teredo hides its client's address from address rewriters.
    new Form(Cidr.parse("2001::/32"), EmbeddedIpv4::flipped)
  };

  private EmbeddedIpv4() {}

  /** The address that a packet to this one comes out at, as far as the address says. */
  static InetAddress meant(InetAddress address) {
    byte[] bytes = address.getAddress();
    return NAT64.block.contains(bytes) ? IpText.of(NAT64.inner.apply(bytes)) : address;
  }

  /**
   * The IPv4 address that a tunnel's or translator's address names; null if it is none of those.
   */
  static @Nullable InetAddress tunnelled(InetAddress address) {
    byte[] bytes = address.getAddress();
    for (Form form : TUNNELS) {
      if (form.block.contains(bytes)) {
        return IpText.of(form.inner.apply(bytes));
      }
    }
    return isIsatap(bytes) ? IpText.of(Arrays.copyOfRange(bytes, 12, 16)) : null;
  }

  /** Whether an IPv6 address, whatever its prefix, is one of ISATAP (RFC 5214, section 6.1). */
  static boolean isIsatap(byte[] bytes) {
    return bytes.length == 16
        && (bytes[8] & ~ISATAP_FLAGS) == 0
        && bytes[9] == 0
        && bytes[10] == 0x5e
        && (bytes[11] & 0xff) == 0xfe;
  }

  private static byte[] flipped(byte[] teredo) {
    byte[] inner = Arrays.copyOfRange(teredo, 12, 16);
    for (int i = 0; i < inner.length; i++) {
      inner[i] = (byte) ~inner[i];
    }
    return inner;
  }
}
