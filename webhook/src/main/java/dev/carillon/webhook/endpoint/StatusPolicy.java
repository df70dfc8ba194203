package dev.carillon.webhook.endpoint;

import java.util.Arrays;
import java.util.Optional;

/** What an endpoint's answers mean. */
public enum StatusPolicy {
  /** A 4xx is final, but for 408, 425 and 429; a 3xx is too. */
  CARILLON("carillon"),
  /** Whatever is not 2xx is tried again, as Standard Webhooks 1.0.0 has it. */
  STANDARD_WEBHOOKS("standard-webhooks");

  private final String spelled;

  StatusPolicy(String spelled) {
    this.spelled = spelled;
  }

  /** The name in the API and in tables. */
  public String spelled() {
    return spelled;
  }

  /** The policy of a name; empty if there is none. */
  public static Optional<StatusPolicy> named(String text) {
    return Arrays.stream(values()).filter(policy -> policy.spelled.equals(text)).findFirst();
  }
}
