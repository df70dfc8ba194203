package dev.carillon.refresh.drain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.refresh.pace.Departure;
import dev.carillon.refresh.request.RecordKey;
import dev.carillon.refresh.source.Fetched;
import dev.carillon.refresh.source.Source;
import dev.carillon.refresh.source.SourceException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * A source of which it is noted when its calls leave.
 *
 * @param source it
 * @param departures the {@link System#nanoTime} of each tag's call
 */
record WatchedSource(Source source, Map<String, Long> departures) implements Source {

  @Override
  public Fetched fetch(RecordKey key, Departure departure) throws InterruptedException {
    return source.fetch(
        key,
        new Departure() {
          @Override
          public boolean await() throws InterruptedException {
            return departure.await();
          }

          @Override
          public void left() {
            departures.put(key.tag(), System.nanoTime());
            departure.left();
          }
        });
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public Set<String> types() {
    return source.types();
  }

  @Override
  public Optional<String> tag(String type, String text) {
    return source.tag(type, text);
  }

  @Override
  public double limit() {
    return source.limit();
  }

  @Override
  public void open() throws SourceException, InterruptedException {
    source.open();
  }

  @Override
  public Set<RecordKey> store(Handle handle, List<Fetched.Found> found) {
    return source.store(handle, found);
  }

  @Override
  public Optional<JsonNode> read(Handle handle, RecordKey key) {
    return source.read(handle, key);
  }

  @Override
  public void close() {
    source.close();
  }
}
