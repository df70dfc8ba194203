package dev.carillon.server.security;

import dev.carillon.server.security.Authentication.Caller;
import java.util.Optional;

/** Knows who holds an API key. */
@FunctionalInterface
public interface KeyRing {

  /** The holder of a key; empty if the key is unknown or was revoked. May block. */
  Optional<Caller> holder(String key);
}
