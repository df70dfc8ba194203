package dev.carillon.webhook.address;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The rules by which an endpoint may be dialled, so that nobody can make Carillon send requests
 * into the network it runs in (server-side request forgery). A URL is judged when it is set and
 * before each attempt; the addresses of its name each time they are dialled, because a name may
 * mean another address a moment later.
 *
 * <ul>
 *   <li>{@link SpecialAddresses} are refused, and a name is if any one of its addresses is.
 *   <li>IPv4-mapped addresses and those of NAT64 (64:ff9b::/96) are judged by the IPv4 address
 *       inside. Tunnels (6to4, Teredo, ISATAP) and translators are refused whatever is inside.
 *   <li>{@code allowedCidrs} admit the special addresses they hold: an IPv4 block also those that
 *       are judged by an IPv4 address inside, but no tunnel to one. A tunnel's own block must be
 *       allowed, and even then the address inside must not be a guarded one.
 *   <li>Guarded addresses (metadata services, multicast, broadcast, unspecified) are admitted only
 *       by a block that lies within the special one: {@code 169.254.169.254/32} admits it, {@code
 *       169.254.0.0/16} and {@code 0.0.0.0/0} do not.
 * </ul>
 *
 * @param allowedCidrs the blocks that the operator allows though they are special
 * @param allowLoopback whether 127.0.0.0/8 and ::1 are allowed
 * @param allowHttp whether http is allowed beside https
 * @param allowedPorts the ports that the operator allows though they are not usual
 */
public record AddressPolicy(
    List<Cidr> allowedCidrs, boolean allowLoopback, boolean allowHttp, Set<Integer> allowedPorts) {

  /** The longest URL, in characters. */
  public static final int MAX_URL_LENGTH = 2048;

  private static final InetAddress LOOPBACK_IPV4 = InetAddress.ofLiteral("127.0.0.1");
  private static final InetAddress LOOPBACK_IPV6 = InetAddress.ofLiteral("::1");

  public AddressPolicy {
    allowedCidrs = List.copyOf(allowedCidrs);
    allowedPorts = Set.copyOf(allowedPorts);
    for (int port : new TreeSet<>(allowedPorts)) {
      if (port < 1 || port > ServicePorts.MAX_PORT) {
        throw new IllegalArgumentException(
            "allowedPorts has %d: from 1 to %d are allowed".formatted(port, ServicePorts.MAX_PORT));
      }
    }
  }

  /** Nothing but https to the internet. */
  public static AddressPolicy strict() {
    return new AddressPolicy(List.of(), false, false, Set.of());
  }

  /** This policy with these allowed blocks instead. */
  public AddressPolicy withAllowed(List<Cidr> blocks) {
    return new AddressPolicy(blocks, allowLoopback, allowHttp, allowedPorts);
  }

  /** This policy with loopback allowed. */
  public AddressPolicy withLoopback() {
    return new AddressPolicy(allowedCidrs, true, allowHttp, allowedPorts);
  }

  /** This policy with http allowed. */
  public AddressPolicy withHttp() {
    return new AddressPolicy(allowedCidrs, allowLoopback, true, allowedPorts);
  }

  /** This policy with these allowed ports instead. */
  public AddressPolicy withPorts(Set<Integer> ports) {
    return new AddressPolicy(allowedCidrs, allowLoopback, allowHttp, ports);
  }

  /**
   * Judges what can be told of a URL without asking anybody. A name that passes is allowed only as
   * far as its addresses will be.
   */
  public Verdict check(String url) {
    try {
      return judge(EndpointUrl.parse(url));
    } catch (IllegalArgumentException e) {
      String reason = String.valueOf(e.getMessage());
      return new Verdict.Refused(reason, reason);
    }
  }

  /** Judges the addresses that a name has: all must be allowed, and there must be one. */
  public Verdict addresses(InetAddress... all) {
    if (all.length == 0) {
      return new Verdict.Refused("the name has no address");
    }
    for (InetAddress address : all) {
      String objection = objection(address);
      if (objection != null) {
        return new Verdict.Refused(objection);
      }
    }
    return new Verdict.Allowed(null, List.of(all));
  }

  /**
   * Judges a URL and, where its host is a name, the addresses that it has now.
   *
   * @throws UnknownHostException if the URL passes but the name cannot be resolved
   */
  public Verdict resolve(String url, NameResolver resolver) throws UnknownHostException {
    return switch (check(url)) {
      case Verdict.Refused refused -> refused;
      case Verdict.Allowed allowed when !allowed.addresses().isEmpty() -> allowed;
      case Verdict.Allowed allowed -> {
        String host = allowed.url() == null ? "" : allowed.url().getHost();
        yield switch (addresses(resolver.resolve(host))) {
          case Verdict.Allowed now -> new Verdict.Allowed(allowed.url(), now.addresses());
          case Verdict.Refused refused ->
              new Verdict.Refused(host + ": " + refused.reason(), refused.tenantReason());
        };
      }
    };
  }

  private Verdict judge(EndpointUrl url) {
    if (!url.https() && !allowHttp) {
      return told("the URL must begin with https://");
    }
    String objection = objection(url.host());
    if (objection != null) {
      return new Verdict.Refused(objection);
    }
    if (!url.host().isPlain()) {
      return told("the host must be written plainly: " + url.host().shown());
    }
    String port = portObjection(url);
    if (port != null) {
      return told(port);
    }
    return new Verdict.Allowed(url.uri(), literal(url.host()));
  }

  private @Nullable String objection(HostSpelling host) {
    return switch (host) {
      case HostSpelling.Literal literal -> objection(literal.address());
      case HostSpelling.Name(String name, boolean _) ->
          InternalNames.isLocalhost(name) && !admitsLoopback()
              ? name + " is this machine (RFC 6761)"
              : null;
    };
  }

  private @Nullable String portObjection(EndpointUrl url) {
    boolean local = allowHttp && allowLoopback && isLoopback(url.host());
    return local || allowedPorts.contains(url.port()) ? null : ServicePorts.objection(url.port());
  }

  private static boolean isLoopback(HostSpelling host) {
    return switch (host) {
      case HostSpelling.Literal literal -> literal.address().isLoopbackAddress();
      case HostSpelling.Name(String name, boolean _) -> InternalNames.isLocalhost(name);
    };
  }

  private static List<InetAddress> literal(HostSpelling host) {
    return host instanceof HostSpelling.Literal literal ? List.of(literal.address()) : List.of();
  }

  private boolean admitsLoopback() {
    return allowLoopback || isAllowed(LOOPBACK_IPV4) || isAllowed(LOOPBACK_IPV6);
  }

  private @Nullable String objection(InetAddress address) {
    InetAddress meant = EmbeddedIpv4.meant(address);
    SpecialBlock block = SpecialAddresses.blockOf(meant);
    if (block != null && !admits(block, meant)) {
      return description(address, meant, block);
    }
    InetAddress inner = EmbeddedIpv4.tunnelled(meant);
    SpecialBlock guarded = inner == null ? null : SpecialAddresses.blockOf(inner);
    return guarded == null
            || inner == null
            || guarded.kind() != SpecialBlock.Kind.GUARDED
            || admits(guarded, inner)
        ? null
        : description(address, inner, guarded);
  }

  private boolean admits(SpecialBlock special, InetAddress address) {
    return switch (special.kind()) {
      case LOOPBACK -> allowLoopback || isAllowed(address);
      case ORDINARY -> isAllowed(address);
      case GUARDED ->
          allowedCidrs.stream()
              .anyMatch(cidr -> cidr.contains(address) && special.block().contains(cidr));
    };
  }

  private boolean isAllowed(InetAddress address) {
    return allowedCidrs.stream().anyMatch(block -> block.contains(address));
  }

  private static String description(InetAddress dialled, InetAddress judged, SpecialBlock block) {
    String text = IpText.of(dialled);
    if (!judged.equals(dialled)) {
      text += ", which means " + IpText.of(judged) + ",";
    }
    InetAddress inner = EmbeddedIpv4.tunnelled(judged);
    String of = inner == null || block.name().startsWith("the ") ? "" : " of " + IpText.of(inner);
    return "%s is %s%s (%s)".formatted(text, block.name(), of, block.block());
  }

  private static Verdict told(String reason) {
    return new Verdict.Refused(reason, reason);
  }
}
