package dev.carillon.server.security;

import static java.util.Objects.requireNonNull;

import java.util.Set;
import java.util.UUID;

/** What became of somebody's proof of who they are. */
public sealed interface Authentication {

  /**
   * Somebody known.
   *
   * @param subject who: for a user the user's id
   * @param roles what they may do; at least one
   */
  record Caller(String subject, Set<Role> roles) implements Authentication {
    public Caller {
      requireNonNull(subject, "subject is null");
      roles = Set.copyOf(roles);
      if (roles.isEmpty()) {
        throw new IllegalArgumentException("a caller has at least one role");
      }
    }

    /** Whether the caller has one of the roles. */
    public boolean hasAny(Set<Role> allowed) {
      return roles.stream().anyMatch(allowed::contains);
    }

    /** Whether the caller may see and change a user's data: a user only their own. */
    public boolean mayReach(UUID user) {
      return hasAny(Set.of(Role.ADMIN, Role.SERVICE)) || subject.equals(user.toString());
    }
  }

  /**
   * The proof is missing or bad.
   *
   * @param reason what is wrong with it, for the caller; holds no secret
   */
  record Refused(String reason) implements Authentication {
    public Refused {
      requireNonNull(reason, "reason is null");
    }
  }

  /**
   * The proof cannot be checked now.
   *
   * @param reason what is missing, for the operator
   */
  record Unavailable(String reason) implements Authentication {
    public Unavailable {
      requireNonNull(reason, "reason is null");
    }
  }
}
