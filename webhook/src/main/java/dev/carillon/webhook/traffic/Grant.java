package dev.carillon.webhook.traffic;

import dev.carillon.webhook.endpoint.Traffic.Rate;
import org.jspecify.annotations.Nullable;

/**
 * What an exchange allows a process to send to an endpoint.
 *
 * @param rate the endpoint's rate limit; null if it has none
 * @param state the breaker's state
 * @param closed why nothing may begin; null if something may
 * @param revision of the endpoint
 * @param renewed whether the share's lease began anew
 */
record Grant(
    Allotment.Share share,
    @Nullable Rate rate,
    Breaker.State state,
    @Nullable String closed,
    long revision,
    boolean renewed) {

  /** Of an endpoint that is not there. */
  static final Grant NOTHING =
      new Grant(
          new Allotment.Share(0, 0, false, false, null, null),
          null,
          Breaker.State.CLOSED,
          "there is no such endpoint",
          0,
          true);
}
