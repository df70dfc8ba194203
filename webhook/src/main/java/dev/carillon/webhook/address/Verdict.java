package dev.carillon.webhook.address;

import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether an endpoint may be dialled. */
public sealed interface Verdict {

  /**
   * What tenants are told of any refused address: which one it is would map the network for them.
   */
  String GENERIC_REASON = "the address is not allowed";

  /**
   * It may.
   *
   * @param url the address in its normal form, which is the one to keep and to dial: without a
   *     trailing dot, in ASCII; null where addresses alone were judged
   * @param addresses all that were judged, none where a name is still to be resolved
   */
  record Allowed(@Nullable URI url, List<InetAddress> addresses) implements Verdict {
    public Allowed {
      addresses = List.copyOf(addresses);
    }
  }

  /**
   * It may not.
   *
   * @param reason why, for operators; without any part of the address that may be secret
   * @param tenantReason why, for tenants: the reason itself if it is about the form of what they
   *     wrote, else {@link #GENERIC_REASON}
   */
  record Refused(String reason, String tenantReason) implements Verdict {
    /** A refusal of which tenants learn nothing. */
    public Refused(String reason) {
      this(reason, GENERIC_REASON);
    }
  }
}
