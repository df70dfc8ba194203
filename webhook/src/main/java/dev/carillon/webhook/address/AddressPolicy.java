package dev.carillon.webhook.address;

import java.net.InetAddress;

/** Stand-in for the policy that is being built. */
public record AddressPolicy(boolean loopback, boolean http) {

  public static AddressPolicy strict() {
    return new AddressPolicy(false, false);
  }

  public AddressPolicy withLoopback() {
    return new AddressPolicy(true, http);
  }

  public AddressPolicy withHttp() {
    return new AddressPolicy(loopback, true);
  }

  public Verdict check(String url) {
    return url.startsWith("https:") || http
        ? new Verdict.Allowed()
        : new Verdict.Refused("http is not allowed");
  }

  public Verdict addresses(InetAddress... all) {
    for (InetAddress one : all) {
      if (one.isSiteLocalAddress()
          || one.isLinkLocalAddress()
          || (one.isLoopbackAddress() && !loopback)) {
        return new Verdict.Refused("the address " + one.getHostAddress() + " is not allowed");
      }
    }
    return new Verdict.Allowed();
  }
}
