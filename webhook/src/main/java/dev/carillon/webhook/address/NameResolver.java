package dev.carillon.webhook.address;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Looks host names up. */
@FunctionalInterface
public interface NameResolver {

  /** The resolver of this host. */
  NameResolver SYSTEM = InetAddress::getAllByName;

  /** All addresses of a name or literal. */
  InetAddress[] resolve(String host) throws UnknownHostException;
}
