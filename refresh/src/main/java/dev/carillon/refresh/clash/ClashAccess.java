package dev.carillon.refresh.clash;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** How the API is reached: with keys, or with an account that has or makes some. */
public sealed interface ClashAccess {

  /**
   * Keys that somebody made.
   *
   * @param bearers at least one; taken in turn
   */
  record Keys(List<String> bearers) implements ClashAccess {

    /** The most keys. */
    public static final int MAX_KEYS = 100;

    public Keys {
      bearers = List.copyOf(bearers);
      if (bearers.isEmpty() || bearers.size() > MAX_KEYS) {
        throw new IllegalArgumentException(
            "COC_KEYS must have 1 to %d keys, not %d".formatted(MAX_KEYS, bearers.size()));
      }
      if (!bearers.stream().allMatch(Keys::isSendable)) {
        throw new IllegalArgumentException(
            "a key of COC_KEYS is empty, or has a space or another character that no key has");
      }
    }

    private static boolean isSendable(String bearer) {
      return !bearer.isEmpty() && bearer.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    /** How many keys there are, and no key. */
    @Override
    public String toString() {
      return "Keys[%d of them]".formatted(bearers.size());
    }
  }

  /**
   * An account of the developer portal.
   *
   * @param email its e-mail address
   * @param password its password
   */
  record Account(String email, String password) implements ClashAccess {

    public Account {
      requireNonNull(email, "email is null");
      requireNonNull(password, "password is null");
      if (email.isBlank() || password.isEmpty()) {
        throw new IllegalArgumentException("COC_EMAIL and COC_PASSWORD must both be set");
      }
    }

    /** That it is an account, and not whose. */
    @Override
    public String toString() {
      return "Account[...]";
    }
  }
}
