package dev.carillon.webhook.delivery;

import dev.carillon.webhook.address.Verdict;
import dev.carillon.webhook.endpoint.StatusPolicy;
import dev.carillon.webhook.http.Exchanged;
import dev.carillon.webhook.http.Exchanged.Answered;
import dev.carillon.webhook.http.Exchanged.Unanswered;
import dev.carillon.webhook.http.PlainText;
import dev.carillon.webhook.http.WebhookResponse;
import dev.carillon.webhook.traffic.Result;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The rules by which an exchange is judged. Only the status decides: a 2xx is done even where its
 * body breaks off, because the receiver has accepted the event.
 *
 * <ul>
 *   <li>2xx: done
 *   <li>410: failed for good, and the endpoint is gone
 *   <li>3xx, never followed, and 4xx: failed for good, but 408, 425 and 429 are tried again (RFC
 *       9110, section 15.5.9; RFC 8470; RFC 6585). By {@link StatusPolicy#STANDARD_WEBHOOKS} all of
 *       them are tried again
 *   <li>5xx and any other status: tried again
 *   <li>no answer: tried again; an address that is not allowed: failed for good
 * </ul>
 */
final class ResponseRules {

  /** The most characters of a response's body that a reason repeats. */
  static final int MAX_BODY_IN_REASON = 200;

  private static final int REQUEST_TIMEOUT = 408;
  private static final int GONE = 410;
  private static final int TOO_EARLY = 425;
  private static final int TOO_MANY_REQUESTS = 429;

  private ResponseRules() {}

  /**
   * What an exchange means.
   *
   * @param now when it ended, for a {@code Retry-After} that names a date
   */
  static Judgement judge(Exchanged exchanged, StatusPolicy policy, Instant now) {
    return switch (exchanged) {
      case Answered answered -> answered(answered.response(), policy, now);
      case Unanswered failed -> unanswered(failed);
    };
  }

  private static Judgement answered(WebhookResponse response, StatusPolicy policy, Instant now) {
    int status = response.status();
    if (status / 100 == 2) {
      return new Judgement.Done();
    }
    if (status == GONE) {
      String reason = reason(response);
      return new Judgement.Never(reason, new Result.Failed(reason, null, true));
    }
    return isFinal(status, policy) ? never(response) : again(response, now);
  }

  private static boolean isFinal(int status, StatusPolicy policy) {
    return switch (policy) {
      case STANDARD_WEBHOOKS -> false;
      case CARILLON ->
          switch (status) {
            case REQUEST_TIMEOUT, TOO_EARLY, TOO_MANY_REQUESTS -> false;
            default -> status / 100 == 3 || status / 100 == 4;
          };
    };
  }

  private static Judgement never(WebhookResponse response) {
    String reason = reason(response);
    return new Judgement.Never(reason, new Result.Failed(reason, null, false));
  }

  private static Judgement again(WebhookResponse response, Instant now) {
    String header = response.retryAfter();
    @Nullable Duration retryAfter = header == null ? null : RetryAfter.parse(header, now);
    String reason = reason(response);
    @Nullable Instant until = retryAfter == null ? null : now.plus(retryAfter);
    return new Judgement.Again(reason, retryAfter, new Result.Failed(reason, until, false));
  }

  // Which address was refused is not for everybody's eyes: it would tell of our network.
  private static Judgement unanswered(Unanswered failed) {
    return switch (failed.fault()) {
      case OURS -> new Judgement.NotTried(failed.reason());
      case ENDPOINT ->
          new Judgement.Again(
              failed.reason(), null, new Result.Failed(failed.reason(), null, false));
      case REFUSED ->
          new Judgement.Never(
              Verdict.GENERIC_REASON, new Result.Failed(Verdict.GENERIC_REASON, null, false));
    };
  }

  private static String reason(WebhookResponse response) {
    StringBuilder reason = new StringBuilder("HTTP ").append(response.status());
    if (response.status() / 100 == 3) {
      reason.append(", a redirect, which is never followed");
    }
    String body = PlainText.of(response.body(), MAX_BODY_IN_REASON);
    if (!body.isEmpty()) {
      reason.append(": ").append(body);
    }
    return reason.toString();
  }
}
