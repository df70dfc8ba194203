package dev.carillon.server.http;

import dev.carillon.server.security.Role;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says who may call a method of the API; a method without it, and without {@link OpenToAll}, is for
 * administrators.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Allow {

  /** The roles, one of which a caller needs. */
  Role[] value();
}
