package dev.carillon.webhook.address;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** What turns a host name into addresses. */
@FunctionalInterface
public interface NameResolver {

  /** The resolver of the operating system, as the JVM caches it; it may block for many seconds. */
  NameResolver SYSTEM = InetAddress::getAllByName;

  /**
   * All addresses of the name.
   *
   * @throws UnknownHostException if it has none, or nobody could be asked
   */
  InetAddress[] resolve(String host) throws UnknownHostException;
}
