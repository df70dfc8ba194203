package dev.carillon.refresh.drain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.carillon.refresh.pace.Departure;
import dev.carillon.refresh.request.RecordKey;
import dev.carillon.refresh.request.RefreshRequest;
import dev.carillon.refresh.source.Fetched;
import dev.carillon.refresh.source.Source;
import dev.carillon.refresh.source.SourceException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;

/** A source in this process, which notes its calls and does what a test wants. */
final class TestSource implements Source {

  static final String NAME = "test-source";
  static final String TABLE =
      "CREATE TABLE stored (tag text PRIMARY KEY, body text NOT NULL, times integer NOT NULL DEFAULT 1)";

  /** What a call does. */
  @FunctionalInterface
  interface Behaviour {
    Fetched fetch(RecordKey key) throws InterruptedException;
  }

  /** What opening does. */
  @FunctionalInterface
  interface Opening {
    void open(int times) throws SourceException;
  }

  private final double limit;
  private final InstantSource clock;
  private final AtomicInteger opened = new AtomicInteger();
  final List<String> called = Collections.synchronizedList(new ArrayList<>());
  final List<Long> nanos = Collections.synchronizedList(new ArrayList<>());
  volatile Behaviour behaviour = this::found;
  volatile Opening opening = _ -> {};
  volatile Duration freshFor = Duration.ZERO;

  TestSource(double limit, InstantSource clock) {
    this.limit = limit;
    this.clock = clock;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<String> types() {
    return Set.of("clan", "player", "war");
  }

  @Override
  public Optional<String> tag(String type, String text) {
    return text.startsWith("#") ? Optional.of(text.toUpperCase(Locale.ROOT)) : Optional.empty();
  }

  @Override
  public double limit() {
    return limit;
  }

  @Override
  public void open() throws SourceException {
    opening.open(opened.incrementAndGet());
  }

  int opened() {
    return opened.get();
  }

  @Override
  public Fetched fetch(RecordKey key, Departure departure) throws InterruptedException {
    if (!departure.await()) {
      return new Fetched.NotCalled(key);
    }
    nanos.add(System.nanoTime());
    called.add(key.tag());
    departure.left();
    return behaviour.fetch(key);
  }

  Fetched found(RecordKey key) {
    return found(key, List.of());
  }

  Fetched found(RecordKey key, List<RefreshRequest> followUps) {
    Instant now = clock.instant();
    JsonNode body = JsonNodeFactory.instance.objectNode().put("tag", key.tag());
    return new Fetched.Found(key, body, now, now.plus(freshFor), followUps);
  }

  /** The most calls in any sliding second. */
  int mostInASecond() {
    List<Long> times = List.copyOf(nanos).stream().sorted().toList();
    int most = 0;
    int from = 0;
    for (int to = 0; to < times.size(); to++) {
      while (times.get(to) - times.get(from) >= Duration.ofSeconds(1).toNanos()) {
        from++;
      }
      most = Math.max(most, to - from + 1);
    }
    return most;
  }

  @Override
  public Set<RecordKey> store(Handle handle, List<Fetched.Found> found) {
    Set<RecordKey> changed = new HashSet<>();
    for (Fetched.Found one : found) {
      int rows =
          handle.execute(
              """
              INSERT INTO stored AS s (tag, body) VALUES (?, ?)
              ON CONFLICT (tag) DO UPDATE SET body = EXCLUDED.body, times = s.times + 1
              """,
              one.key().tag(),
              one.body().toString());
      if (rows > 0) {
        changed.add(one.key());
      }
    }
    return changed;
  }

  @Override
  public Optional<JsonNode> read(Handle handle, RecordKey key) {
    return handle
        .createQuery("SELECT tag FROM stored WHERE tag = :tag")
        .bind("tag", key.tag())
        .mapTo(String.class)
        .findOne()
        .map(tag -> JsonNodeFactory.instance.objectNode().put("tag", tag));
  }

  @Override
  public void close() {
    // It holds nothing.
  }
}
