package dev.carillon.webhook.address;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A block of IP addresses that begin with the same bits (RFC 4632; RFC 4291, section 2.3).
 *
 * @param network its first address
 * @param prefixLength how many bits its addresses share, up to 32 for IPv4 and 128 for IPv6
 */
public record Cidr(InetAddress network, int prefixLength) {

  private static final Pattern PREFIX = Pattern.compile("0|[1-9]\\d{0,2}");

  public Cidr {
    requireNonNull(network, "network is null");
    byte[] bytes = network.getAddress();
    if (prefixLength < 0 || prefixLength > bits(bytes)) {
      throw new IllegalArgumentException(
          "prefixLength is %d: from 0 to %d are allowed".formatted(prefixLength, bits(bytes)));
    }
    // Without the name that the address may have been looked up by, and without a zone.
    network = IpText.of(bytes);
    InetAddress first = IpText.of(cut(bytes, prefixLength));
    if (!first.equals(network)) {
      throw new IllegalArgumentException(
          "%s/%d has bits beyond its prefix: write %s/%d"
              .formatted(IpText.of(network), prefixLength, IpText.of(first), prefixLength));
    }
  }

  /**
   * Reads {@code 10.0.0.0/8}, {@code fd00::/8}, or a lone address, which is a block of one.
   *
   * @throws IllegalArgumentException if it is anything else, with words for people
   */
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    InetAddress network = address(address);
    if (network == null) {
      throw invalid(text, "an address and a prefix length such as 10.0.0.0/8 or fd00::/8");
    }
    int most = bits(network.getAddress());
    String prefix = slash < 0 ? Integer.toString(most) : text.substring(slash + 1);
    if (address.indexOf(':') >= 0 && most == Integer.SIZE) {
      throw invalid(text, "an IPv4 block in its own form, such as 10.0.0.0/8");
    }
    if (!PREFIX.matcher(prefix).matches() || Integer.parseInt(prefix) > most) {
      throw invalid(text, "a prefix length from 0 to " + most);
    }
    return new Cidr(network, Integer.parseInt(prefix));
  }

  /**
   * Reads blocks that are separated by commas; blanks around them do not count, and an empty text
   * holds none.
   *
   * @throws IllegalArgumentException as {@link #parse} does
   */
  public static List<Cidr> parseList(String text) {
    List<Cidr> blocks = new ArrayList<>();
    if (!text.isBlank()) {
      for (String block : text.split(",", -1)) {
        blocks.add(parse(block.strip()));
      }
    }
    return List.copyOf(blocks);
  }

  /** Whether the address is in the block. IPv4-mapped IPv6 addresses count as IPv4. */
  public boolean contains(InetAddress address) {
    return contains(address.getAddress());
  }

  /** Whether the address of 4 or 16 bytes is in the block; see {@link #contains(InetAddress)}. */
  public boolean contains(byte[] address) {
    byte[] first = network.getAddress();
    byte[] bytes = IpText.of(address).getAddress();
    return bytes.length == first.length && sharesPrefix(first, bytes);
  }

  /** Whether every address of the other block is in this one. */
  public boolean contains(Cidr other) {
    return other.prefixLength >= prefixLength && contains(other.network);
  }

  /** The block as {@link #parse} reads it. */
  @Override
  public String toString() {
    return IpText.of(network) + "/" + prefixLength;
  }

  private boolean sharesPrefix(byte[] first, byte[] other) {
    int whole = prefixLength / Byte.SIZE;
    for (int i = 0; i < whole; i++) {
      if (first[i] != other[i]) {
        return false;
      }
    }
    int rest = prefixLength % Byte.SIZE;
    return rest == 0 || ((first[whole] ^ other[whole]) & mask(rest)) == 0;
  }

  private static byte[] cut(byte[] address, int prefixLength) {
    byte[] cut = new byte[address.length];
    for (int i = 0; i < cut.length; i++) {
      int bits = Math.clamp(prefixLength - (long) i * Byte.SIZE, 0, Byte.SIZE);
      cut[i] = (byte) (address[i] & mask(bits));
    }
    return cut;
  }

  private static int mask(int bits) {
    return 0xff00 >> bits & 0xff;
  }

  private static int bits(byte[] address) {
    return address.length * Byte.SIZE;
  }

  private static @Nullable InetAddress address(String text) {
    return text.indexOf(':') >= 0 ? IpText.ipv6(text) : IpText.ipv4(text);
  }

  private static IllegalArgumentException invalid(String text, String allowed) {
    return new IllegalArgumentException("\"%s\": %s is allowed".formatted(text, allowed));
  }
}
