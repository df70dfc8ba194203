package dev.carillon.refresh.clash;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.refresh.pace.Departure;
import dev.carillon.refresh.request.Priority;
import dev.carillon.refresh.request.RecordKey;
import dev.carillon.refresh.request.Urgency;
import dev.carillon.refresh.source.Fetched;
import dev.carillon.refresh.source.Source;
import dev.carillon.refresh.source.SourceException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * The Clash of Clans API: clans with their members, players, and clans' current wars. A key that
 * the API refuses is set aside by {@link #fetch}, and found anew by the next {@link #open}: so
 * every fetch is one call, and never two.
 */
public final class ClashSource implements Source {

  /** Its name in requests. */
  public static final String NAME = "clash-of-clans";

  /** A war is wished for more urgently than a clan, and that more than a player. */
  public static final Urgency URGENCY =
      key -> ClashType.of(key.type()).map(ClashType::usual).orElse(Priority.MEDIUM);

  /**
   * How long all leave the API alone when a connection to it does not come about: it may have been
   * this one alone.
   */
  public static final Duration UNREACHED_PAUSE = Duration.ofSeconds(5);

  private final ClashSettings settings;
  private final InstantSource clock;
  private final Calls calls;
  private final KeyRing keys;

  /** A source that calls nobody yet. */
  public ClashSource(ClashSettings settings, InstantSource clock) {
    this.settings = requireNonNull(settings, "settings is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.calls = new Calls(settings.callTimeout());
    this.keys = new KeyRing(settings.access(), new Portal(calls, settings, clock), clock);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<String> types() {
    return ClashType.words();
  }

  @Override
  public Optional<String> tag(String type, String text) {
    return ClashType.of(type).flatMap(_ -> ClashTags.read(text));
  }

  @Override
  public double limit() {
    return settings.limit();
  }

  @Override
  public void open() throws SourceException, InterruptedException {
    keys.ready();
  }

  @Override
  public Fetched fetch(RecordKey key, Departure departure) throws InterruptedException {
    Optional<ClashType> type = ClashType.of(key.type());
    if (type.isEmpty() || !ClashTags.isTag(key.tag())) {
      return new Fetched.Failed(key, "there can be no such record");
    }
    Optional<String> bearer = keys.next();
    if (bearer.isEmpty()) {
      return new Fetched.Refused(key, "no key is left that the API accepts");
    }
    Instant askedAt = clock.instant();
    Outcome outcome = call(type.get(), key, bearer.get(), departure);
    Fetched fetched = fetched(type.get(), key, outcome, askedAt);
    switch (fetched) {
      case Fetched.Refused refused -> keys.refused(bearer.get(), refused.reason());
      case Fetched.Found _, Fetched.Missing _ -> keys.accepted();
      case Fetched.Failed _, Fetched.TooFast _, Fetched.Down _, Fetched.NotCalled _ -> {
        // These say nothing about the key.
      }
    }
    return fetched;
  }

  @Override
  public Set<RecordKey> store(Handle handle, List<Fetched.Found> found) {
    return ClashTables.store(handle, found);
  }

  @Override
  public Optional<JsonNode> read(Handle handle, RecordKey key) {
    return ClashType.of(key.type()).flatMap(type -> ClashTables.read(handle, type, key.tag()));
  }

  @Override
  public void close() {
    calls.close();
  }

  private Outcome call(ClashType type, RecordKey key, String bearer, Departure departure)
      throws InterruptedException {
    URI url = URI.create(settings.api() + type.path(key.tag()));
    return calls.get(url, Map.of("Authorization", "Bearer " + bearer), departure);
  }

  private static Fetched fetched(ClashType type, RecordKey key, Outcome outcome, Instant askedAt) {
    return switch (outcome) {
      case Outcome.Reply reply -> Answers.read(type, key, reply, askedAt);
      case Outcome.Unanswered none -> new Fetched.Failed(key, none.reason());
      case Outcome.NotMade _ -> new Fetched.NotCalled(key);
      case Outcome.Unreachable none ->
          new Fetched.Down(key, "cannot be reached: " + none.reason(), UNREACHED_PAUSE);
    };
  }
}
