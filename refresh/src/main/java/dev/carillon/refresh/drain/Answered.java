package dev.carillon.refresh.drain;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.refresh.record.Freshness;
import dev.carillon.refresh.request.RecordKey;

/** A record as the database has it, answered at once; what is stale is queued meanwhile. */
public sealed interface Answered {

  /** Which record. */
  RecordKey key();

  /** Whether it is stale, and now queued, or was before: false also if the queue is away. */
  boolean queued();

  /**
   * The record is there.
   *
   * @param body as the source wrote it
   * @param freshness how fresh it is
   */
  record Found(RecordKey key, JsonNode body, Freshness freshness, boolean queued)
      implements Answered {
    public Found {
      requireNonNull(key, "key is null");
      requireNonNull(body, "body is null");
      requireNonNull(freshness, "freshness is null");
    }
  }

  /**
   * The source does not have the record.
   *
   * @param reason why, fit to be shown
   * @param freshness how fresh that is
   */
  record Missing(RecordKey key, String reason, Freshness freshness, boolean queued)
      implements Answered {
    public Missing {
      requireNonNull(key, "key is null");
      requireNonNull(reason, "reason is null");
      requireNonNull(freshness, "freshness is null");
    }
  }

  /** The record was never fetched. */
  record Unknown(RecordKey key, boolean queued) implements Answered {
    public Unknown {
      requireNonNull(key, "key is null");
    }
  }
}
