package dev.carillon.server.http;

import static java.util.Objects.requireNonNull;

import dev.carillon.server.security.Authentication.Caller;
import dev.carillon.server.security.Role;
import jakarta.ws.rs.core.SecurityContext;
import java.security.Principal;
import java.util.Set;
import java.util.UUID;

/**
 * Carries the caller of a request to the method that answers it.
 *
 * @param caller who calls
 */
public record CallerContext(Caller caller) implements SecurityContext {

  public CallerContext {
    requireNonNull(caller, "caller is null");
  }

  /**
   * The caller of a request.
   *
   * @throws ProblemException 401 if nobody proved who they are
   */
  public static Caller of(SecurityContext security) {
    if (security instanceof CallerContext context) {
      return context.caller();
    }
    throw new ProblemException(Problem.of(401, "a bearer token or an x-api-key is needed"));
  }

  /**
   * Lets a caller reach a user's data.
   *
   * @throws ProblemException 403 if it is another user's
   */
  public static void requireReach(SecurityContext security, UUID user) {
    if (!of(security).mayReach(user)) {
      throw new ProblemException(Problem.of(403, "a user reaches only their own data"));
    }
  }

  /** Whether the caller is a user and nothing more. */
  public static boolean isOnlyUser(SecurityContext security) {
    return !of(security).hasAny(Set.of(Role.ADMIN, Role.SERVICE));
  }

  @Override
  public Principal getUserPrincipal() {
    return caller::subject;
  }

  @Override
  public boolean isUserInRole(String role) {
    return Role.named(role).map(r -> caller.hasAny(Set.of(r))).orElse(false);
  }

  @Override
  public boolean isSecure() {
    return false;
  }

  @Override
  public String getAuthenticationScheme() {
    return "Bearer";
  }
}
