package dev.carillon.webhook.delivery;

import static java.util.Objects.requireNonNull;

import dev.carillon.webhook.traffic.Result;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What an answer means for an event. */
sealed interface Judgement {

  /** What it means for the endpoint. */
  Result result();

  /** The event is done. */
  record Done() implements Judgement {
    @Override
    public Result result() {
      return new Result.Succeeded();
    }
  }

  /** The event is to be tried again. */
  record Again(String reason, @Nullable Duration retryAfter, Result result) implements Judgement {
    public Again {
      requireNonNull(reason, "reason is null");
    }
  }

  /** The event could not be tried, by our own fault. */
  record NotTried(String reason) implements Judgement {
    @Override
    public Result result() {
      return new Result.NotCharged();
    }
  }

  /** The event has failed for good. */
  record Never(String reason, Result result) implements Judgement {
    public Never {
      requireNonNull(reason, "reason is null");
    }
  }
}
