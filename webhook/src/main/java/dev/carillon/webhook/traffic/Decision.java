package dev.carillon.webhook.traffic;

import dev.carillon.webhook.traffic.Alert.Kind;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an exchange decides of one endpoint. Pure; the endpoint's row is locked meanwhile.
 *
 * @param row the endpoint as it was
 * @param request what the process asked for
 * @param breaker the breaker by what the process told
 * @param share what the process gets
 * @param disables whether the endpoint is to be disabled
 */
record Decision(
    TrafficRows.Read row,
    Request request,
    Breaker breaker,
    Allotment.Share share,
    boolean disables) {

  static Decision of(Request request, TrafficRows.Read row, Instant now) {
    Breaker after = row.breaker().after(request.tally(), now);
    boolean disables = !row.disabled() && (request.tally().gone() || isHopeless(request, row, now));
    Breaker.State state = row.disabled() || disables ? Breaker.State.OPEN : after.state(now);
    Allotment allotment = new Allotment(row.traffic(), state, row.nextSlot());
    Allotment.Share share = allotment.share(request.demand(), row.others(), now);
    return new Decision(row, request, after, share, disables);
  }

  /**
   * A long quiet time is no failure: only an attempt that failed now shows that nothing changed.
   */
  private static boolean isHopeless(Request request, TrafficRows.Read row, Instant now) {
    Tally tally = request.tally();
    return tally.failed() > 0 && tally.succeeded() == 0 && row.breaker().isHopeless(now);
  }

  /** Whether the endpoint's row is to be written. */
  boolean changes() {
    return !breaker.equals(row.breaker()) || share.next() != null;
  }

  /** The endpoint's state from now on. */
  TrafficRows.State after() {
    return new TrafficRows.State(
        row.id(), breaker, share.next() == null ? row.nextSlot() : share.next());
  }

  /** Whether the share is to be written: it is another, or its lease is to begin anew. */
  boolean isTold() {
    Integer own = row.ownPermits();
    if (own == null) {
      return share.published() > 0 || share.starving();
    }
    return request.renew() || own != share.published() || row.ownStarving() != share.starving();
  }

  /** What the other processes are told. */
  TrafficRows.Share published() {
    return new TrafficRows.Share(row.id(), share.published(), share.starving());
  }

  /** What the process is told. */
  Grant grant(Instant now) {
    Breaker.State state = breaker.state(now);
    boolean lasts = isTold() || share.published() == 0;
    return new Grant(share, row.traffic().rate(), state, closed(state), row.revision(), lasts);
  }

  /** What somebody is to be told; of a disabled endpoint nothing more. */
  Optional<Alert> alert(Instant now) {
    Breaker before = row.breaker();
    if (disables) {
      return Optional.of(alert(Kind.DISABLED, breaker, now));
    }
    if (row.disabled() || before.isAlerted() == breaker.isAlerted()) {
      return Optional.empty();
    }
    return Optional.of(
        breaker.isAlerted()
            ? alert(Kind.FAILING, breaker, now)
            : alert(Kind.RECOVERED, before, now));
  }

  private Alert alert(Kind kind, Breaker failing, Instant now) {
    String cause = failing.cause() == null ? "unknown" : failing.cause();
    return new Alert(
        kind, row.id(), row.name(), cause, failing.failures(), failing.failingSince(), now);
  }

  private @Nullable String closed(Breaker.State state) {
    if (row.disabled() || disables) {
      return "the endpoint is disabled";
    }
    return state == Breaker.State.OPEN
        ? "the endpoint fails and is left alone until " + breaker.openUntil()
        : null;
  }
}
