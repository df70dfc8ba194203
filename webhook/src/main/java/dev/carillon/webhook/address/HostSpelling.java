package dev.carillon.webhook.address;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.IDN;
import java.net.InetAddress;
import java.net.URLDecoder;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The host of a URL as anybody would read it: every spelling that an operating system or a browser
 * takes for an IPv4 address is one (the host parser of the WHATWG URL standard and {@code
 * inet_aton}), whatever it is written in. Nothing is looked up.
 */
sealed interface HostSpelling {

  /** The host in its one plain spelling, without brackets. */
  String plain();

  /** The plain spelling as a URL has it. */
  default String shown() {
    return plain().indexOf(':') < 0 ? plain() : "[" + plain() + "]";
  }

  /** Whether it was written plainly. If not, readers differ about what it means. */
  boolean isPlain();

  /** An IP address. */
  record Literal(InetAddress address, boolean isPlain) implements HostSpelling {
    @Override
    public String plain() {
      return IpText.of(address);
    }
  }

  /** A name in lower case, without a trailing dot. */
  record Name(String plain, boolean isPlain) implements HostSpelling {}

  /** The longest name, in characters (RFC 1035, section 2.3.4, less the length of the root). */
  int MAX_NAME_LENGTH = 253;

  /**
   * Reads a host.
   *
   * @throws IllegalArgumentException if it is none, with words for people that do not repeat it
   */
  static HostSpelling read(String host) {
    if (host.startsWith("[")) {
      return Reader.bracketed(host);
    }
    String decoded = Reader.ascii(Reader.percentDecoded(host));
    boolean plain = decoded.equals(host);
    String name = decoded.endsWith(".") ? decoded.substring(0, decoded.length() - 1) : decoded;
    List<String> labels = List.of(name.toLowerCase(Locale.ROOT).split("\\.", -1));
    return Reader.isNumber(labels.getLast())
        ? Reader.ipv4(labels, plain)
        : Reader.name(labels, plain);
  }

  /** Reads the parts. */
  final class Reader {

    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern NUMBER = Pattern.compile("\\d+|0x[0-9a-f]*");
    private static final Pattern DECIMAL = Pattern.compile("0|[1-9]\\d*");
    private static final Pattern OCTAL = Pattern.compile("0[0-7]*");
    // More than an address has in any base, and few enough for a long.
    private static final int MOST_DIGITS = 12;
    private static final int IPV4_PARTS = 4;

    private Reader() {}

    static HostSpelling bracketed(String host) {
      int end = host.endsWith("]") ? host.length() - 1 : host.length();
      int zone = host.indexOf('%');
      InetAddress address = IpText.ipv6(host.substring(1, zone < 0 ? end : zone));
      if (end == host.length() || address == null) {
        throw new IllegalArgumentException("the host in brackets is not an IPv6 address");
      }
      return new Literal(address, zone < 0);
    }

    static String percentDecoded(String host) {
      try {
        return host.indexOf('%') < 0 ? host : URLDecoder.decode(host.replace("+", "%2B"), UTF_8);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("the host is wrongly percent-encoded", e);
      }
    }

    // IDNA 2003 with NFKC: what browsers make of full-width digits and ideographic full stops.
    static String ascii(String host) {
      if (host.chars().allMatch(c -> c < 0x80)) {
        return host;
      }
      try {
        return IDN.toASCII(host, IDN.ALLOW_UNASSIGNED);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("the host is not a name in any script", e);
      }
    }

    static boolean isNumber(String label) {
      return NUMBER.matcher(label).matches();
    }

    static HostSpelling name(List<String> labels, boolean plain) {
      String name = String.join(".", labels);
      if (name.length() > MAX_NAME_LENGTH
          || !labels.stream().allMatch(label -> LABEL.matcher(label).matches())) {
        throw new IllegalArgumentException(
            "the host must be an IP address, or a name of letters, digits and hyphens with dots between");
      }
      return new Name(name, plain);
    }

    static HostSpelling ipv4(List<String> parts, boolean plain) {
      if (parts.size() > IPV4_PARTS || !parts.stream().allMatch(Reader::isNumber)) {
        throw notIpv4();
      }
      long address = 0;
      for (int i = 0; i < parts.size(); i++) {
        boolean last = i == parts.size() - 1;
        int bits = last ? Byte.SIZE * (IPV4_PARTS - i) : Byte.SIZE;
        address = address << bits | number(parts.get(i), (1L << bits) - 1);
      }
      InetAddress read =
          IpText.of(
              new byte[] {
                (byte) (address >> 24),
                (byte) (address >> 16),
                (byte) (address >> 8),
                (byte) address
              });
      return new Literal(read, plain && IpText.of(read).equals(String.join(".", parts)));
    }

    private static long number(String part, long most) {
      String digits = part.startsWith("0x") ? part.substring(2) : part;
      int radix = digits.length() < part.length() ? 16 : 8;
      if (radix == 8 && DECIMAL.matcher(part).matches()) {
        radix = 10;
      } else if (radix == 8 && !OCTAL.matcher(part).matches()) {
        throw notIpv4();
      }
      String significant = digits.replaceFirst("^0+(?=.)", "");
      if (significant.length() > MOST_DIGITS) {
        throw notIpv4();
      }
      long value = significant.isEmpty() ? 0 : Long.parseLong(significant, radix);
      if (value > most) {
        throw notIpv4();
      }
      return value;
    }

    private static IllegalArgumentException notIpv4() {
      return new IllegalArgumentException(
          "the host ends in a number but is not an IPv4 address such as 203.0.113.7");
    }
  }
}
