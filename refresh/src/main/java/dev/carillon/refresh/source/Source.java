package dev.carillon.refresh.source;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.refresh.pace.Departure;
import dev.carillon.refresh.request.RecordKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** An upstream API: fetches one record, and stores what came. Safe for use by many threads. */
public interface Source extends AutoCloseable {

  /** Its name in requests, such as {@code clash-of-clans}. */
  String name();

  /** The types of its records. */
  Set<String> types();

  /** A tag as the source writes it; empty if it can be none of that type. */
  Optional<String> tag(String type, String text);

  /** The calls a second that are never exceeded. */
  double limit();

  /**
   * Makes ready for a drain: logs in, finds keys. Cheap if that was done.
   *
   * @throws SourceException if the source cannot be called; nothing is taken from the queue then
   */
  void open() throws SourceException, InterruptedException;

  /**
   * Calls the source once. All that a call can come to is a {@link Fetched}; nothing is thrown for
   * what the other side does.
   *
   * @param departure waited for when all is ready, right before the request is written; told right
   *     after that
   */
  Fetched fetch(RecordKey key, Departure departure) throws InterruptedException;

  /**
   * Stores what was found, within the caller's transaction; what has not changed is not rewritten.
   *
   * @return the records that had changed
   */
  Set<RecordKey> store(Handle handle, List<Fetched.Found> found);

  /** The stored record, as it is shown to people; empty if there is none. */
  Optional<JsonNode> read(Handle handle, RecordKey key);

  @Override
  void close();
}
