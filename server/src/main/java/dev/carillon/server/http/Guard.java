package dev.carillon.server.http;

import dev.carillon.server.security.Authentication;
import dev.carillon.server.security.Authentication.Caller;
import dev.carillon.server.security.Authentication.Refused;
import dev.carillon.server.security.Authentication.Unavailable;
import dev.carillon.server.security.Authenticator;
import dev.carillon.server.security.Role;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.HttpHeaders;
import java.lang.reflect.Method;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets a request reach the API only if its caller is known and has a role that may. */
@Singleton
public final class Guard {

  private static final Logger LOG = LoggerFactory.getLogger(Guard.class);
  private static final Set<Role> ADMINISTRATORS = Set.of(Role.ADMIN);

  private final Authenticator authenticator;

  /** A guard. */
  public Guard(Authenticator authenticator) {
    this.authenticator = authenticator;
  }

  /**
   * Checks one request.
   *
   * @throws ProblemException 401 or 403 if it may not pass, 415 if it hides what its body is
   */
  @ServerRequestFilter(priority = Priorities.AUTHENTICATION)
  public void check(ContainerRequestContext request, ResourceInfo resource) {
    Method method = resource.getResourceMethod();
    if (method.isAnnotationPresent(OpenToAll.class)) {
      return;
    }
    requireJson(request, method);
    Authentication authentication =
        authenticator.authenticate(
            request.getHeaderString(HttpHeaders.AUTHORIZATION),
            request.getHeaderString("x-api-key"));
    switch (authentication) {
      case Caller caller -> admit(request, caller, allowed(method, resource));
      case Refused refused -> throw new ProblemException(Problem.of(401, refused.reason()));
      case Unavailable unavailable -> {
        LOG.warn("cannot authenticate: {}", unavailable.reason());
        throw new ProblemException(Problem.of(503, "the token cannot be checked at the moment"));
      }
    }
  }

  /** A request without a Content-Type would match any {@code Consumes} (Jakarta REST 3.7.2). */
  private static void requireJson(ContainerRequestContext request, Method method) {
    @Nullable Consumes consumes = method.getAnnotation(Consumes.class);
    if (consumes != null
        && !MediaTypes.isOneOf(
            request.getHeaderString(HttpHeaders.CONTENT_TYPE), Set.of(consumes.value()))) {
      throw new ProblemException(Json.wrongMediaType());
    }
  }

  private static void admit(ContainerRequestContext request, Caller caller, Set<Role> allowed) {
    if (!caller.hasAny(allowed)) {
      throw new ProblemException(Problem.of(403, "your role may not do this"));
    }
    request.setSecurityContext(new CallerContext(caller));
  }

  private static Set<Role> allowed(Method method, ResourceInfo resource) {
    @Nullable Allow onMethod = method.getAnnotation(Allow.class);
    @Nullable Allow allow =
        onMethod != null ? onMethod : resource.getResourceClass().getAnnotation(Allow.class);
    return allow == null ? ADMINISTRATORS : Set.of(allow.value());
  }
}
