package dev.carillon.webhook.address;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * IP addresses as text and as bytes, read strictly: the JDK's own reader takes octal numbers for
 * decimal ones, and zone ids, and groups of any length.
 */
final class IpText {

  private static final Pattern IPV4 =
      Pattern.compile(
          "(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)\\.){3}(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)");
  private static final Pattern GROUPS =
      Pattern.compile("(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}");
  private static final int GROUP_COUNT = 8;

  private IpText() {}

  /** The address that a dotted decimal text names; null if it is none. */
  static @Nullable InetAddress ipv4(String text) {
    return IPV4.matcher(text).matches() ? InetAddress.ofLiteral(text) : null;
  }

  /**
   * The address that a text of RFC 4291, section 2.2, names, without zone id; null if it is none.
   * An IPv4-mapped one comes out as the IPv4 address that is inside, which is what is dialled.
   */
  static @Nullable InetAddress ipv6(String text) {
    int tail = text.lastIndexOf(':') + 1;
    boolean mixed = text.indexOf('.') >= 0;
    if (mixed && ipv4(text.substring(tail)) == null) {
      return null;
    }
    String groups = mixed ? text.substring(0, tail) + "0" : text;
    if (!GROUPS.matcher(groups).matches()) {
      return null;
    }
    try {
      return Inet6Address.ofLiteral(text);
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  /** The address of 4 or 16 bytes. */
  static InetAddress of(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + bytes.length, e);
    }
  }

  /** The address's canonical text: RFC 5952 for IPv6, without zone id. */
  static String of(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length == 4 ? IpText.of(bytes).getHostAddress() : ipv6Text(bytes);
  }

  private static String ipv6Text(byte[] bytes) {
    int[] groups = new int[GROUP_COUNT];
    for (int i = 0; i < GROUP_COUNT; i++) {
      groups[i] = ((bytes[2 * i] & 0xff) << 8) | (bytes[2 * i + 1] & 0xff);
    }
    int start = longestZeros(groups);
    int end = start + zeros(groups, start);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < GROUP_COUNT; i++) {
      if (i == start && end - start > 1) {
        text.append(i == 0 ? "::" : ":");
        i = end - 1;
      } else {
        text.append(Integer.toHexString(groups[i])).append(i < GROUP_COUNT - 1 ? ":" : "");
      }
    }
    return text.toString();
  }

  private static int longestZeros(int[] groups) {
    int longest = 0;
    for (int i = 1; i < GROUP_COUNT; i++) {
      if (zeros(groups, i) > zeros(groups, longest)) {
        longest = i;
      }
    }
    return longest;
  }

  private static int zeros(int[] groups, int start) {
    int end = start;
    while (end < GROUP_COUNT && groups[end] == 0) {
      end++;
    }
    return end - start;
  }
}
