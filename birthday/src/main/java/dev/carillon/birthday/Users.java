package dev.carillon.birthday;

import static java.util.Objects.requireNonNull;

import dev.carillon.event.Event;
import dev.carillon.event.EventIds;
import dev.carillon.postgres.PostgresEventStore;
import dev.carillon.postgres.Statements;
import dev.carillon.postgres.SubjectEvents;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * The users, each with one live event of every type: a user and their events change in one
 * transaction, or not at all. Safe for use by many threads and processes.
 */
public final class Users {

  /** The most users of one page, and of one bulk creation. */
  public static final int MAX_PAGE = 1_000;

  static final String DELETED = "the user was deleted";

  private static final Statements SQL = Statements.beside(Users.class, "users.sql");

  private final Jdbi jdbi;
  private final List<UserEventType> types;
  private final EventIds ids;
  private final InstantSource clock;
  private final Consumer<Instant> planned;

  /**
   * The users of a database.
   *
   * @param types the events that each user has
   * @param clock tells which birthdays have passed
   * @param planned is told after each commit when the first event that changed is due
   */
  public Users(
      Jdbi jdbi,
      List<? extends UserEventType> types,
      InstantSource clock,
      Consumer<Instant> planned) {
    this.jdbi = requireNonNull(jdbi, "jdbi is null");
    this.types = List.copyOf(types);
    this.clock = requireNonNull(clock, "clock is null");
    this.planned = requireNonNull(planned, "planned is null");
    this.ids = new EventIds(clock);
  }

  /** Creates a user and their events. */
  public User create(UserDetails details) {
    return createAll(List.of(details)).getFirst();
  }

  /**
   * Creates users and their events, all in one transaction.
   *
   * @param details at most {@link #MAX_PAGE}
   */
  public List<User> createAll(List<UserDetails> details) {
    if (details.isEmpty() || details.size() > MAX_PAGE) {
      throw new IllegalArgumentException(
          "from 1 to %d users are created at once, not %d".formatted(MAX_PAGE, details.size()));
    }
    Instant now = clock.instant();
    List<User> users = details.stream().map(each -> new User(ids.next(), each, now, now)).toList();
    List<Event> events = users.stream().flatMap(user -> first(user, now)).toList();
    jdbi.useTransaction(handle -> {
      UserRows.bind(handle.createUpdate(SQL.get("insert")), users, now).execute();
      PostgresEventStore.plan(handle, events);
    });
    hint(events);
    return users;
  }

  /** A user. */
  public Optional<User> find(UUID id) {
    return jdbi.withHandle(handle -> one(handle, "find", id));
  }

  /**
   * A page of users, newest first.
   *
   * @param before the last id of the page before; null for the first page
   */
  public List<User> list(@Nullable UUID before, int limit) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(SQL.get("list"))
            .bind("before", before)
            .bind("limit", Math.clamp(limit, 1, MAX_PAGE))
            .map((row, _) -> UserRows.read(row))
            .list());
  }

  /**
   * Changes a user and reschedules their events: those that were not begun are derived again, those
   * in flight are left alone and the ones that follow them are made of the new data.
   *
   * @return the user as changed; empty if there is none
   */
  public Optional<User> update(UUID id, UserDetails details) {
    List<Event> changed = new ArrayList<>();
    Optional<User> updated =
        jdbi.inTransaction(handle -> {
          if (one(handle, "lock", id).isEmpty()) {
            return Optional.empty();
          }
          User user = UserRows.update(handle, SQL.get("update"), id, details, clock.instant());
          changed.addAll(reschedule(handle, user));
          return Optional.of(user);
        });
    hint(changed);
    return updated;
  }

  /** Whether a user has chosen this endpoint. */
  public boolean haveChosen(String endpoint) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(SQL.get("have_chosen"))
            .bind("endpoint", endpoint)
            .mapTo(Boolean.class)
            .one());
  }

  /**
   * Deletes a user and cancels their events, also one that is being performed: its message may have
   * left, but nothing follows it.
   *
   * @return false if there was none
   */
  public boolean delete(UUID id) {
    return jdbi.inTransaction(handle -> {
      if (one(handle, "lock", id).isEmpty()) {
        return false;
      }
      SubjectEvents.cancelAll(handle, id, DELETED);
      return handle.createUpdate(SQL.get("delete")).bind("id", id).execute() == 1;
    });
  }

  /**
   * Plans the events that users lack: of types that were configured after the user was created. May
   * run in many processes at once.
   *
   * @return how many were planned
   */
  public int planMissing() {
    int missing = 0;
    for (UserEventType type : types) {
      @Nullable UUID after = null;
      do {
        Page page = planPage(type, after);
        missing += page.planned();
        after = page.last();
      } while (after != null);
    }
    return missing;
  }

  private Stream<Event> first(User user, Instant now) {
    return types.stream().map(type -> Standing.NONE.changed(type, user, now).event());
  }

  private record Page(int planned, @Nullable UUID last) {}

  private Page planPage(UserEventType type, @Nullable UUID after) {
    Instant now = clock.instant();
    List<Event> events = new ArrayList<>();
    return jdbi.inTransaction(handle -> {
      handle
          .createQuery(SQL.get("without_event"))
          .bind("event_type", type.name())
          .bind("after", after)
          .bind("limit", MAX_PAGE)
          .map((row, _) -> type.first(UserRows.read(row), now, row.getInt("used_up_to")))
          .forEach(events::add);
      int added = PostgresEventStore.plan(handle, events);
      return new Page(added, events.isEmpty() ? null : events.getLast().subject());
    });
  }

  private List<Event> reschedule(Handle handle, User user) {
    List<SubjectEvents.Live> live = SubjectEvents.lock(handle, user.id());
    Map<String, Integer> ended = usedUpTo(handle, user.id());
    Instant now = clock.instant();
    List<Event> changed = new ArrayList<>();
    for (UserEventType type : types) {
      List<SubjectEvents.Live> ofType =
          live.stream().filter(one -> one.event().type().equals(type.name())).toList();
      int endedYear = ended.getOrDefault(type.name(), UserEventType.NO_YEAR);
      Standing.Change change = standing(ofType, endedYear).changed(type, user, now);
      write(handle, change);
      changed.add(change.event());
    }
    return changed;
  }

  private static Standing standing(List<SubjectEvents.Live> live, int endedYear) {
    Optional<SubjectEvents.Live> latest = live.stream().max(Comparator.comparingInt(Users::year));
    int used =
        live.stream()
            .filter(one -> !one.equals(latest.orElseThrow()))
            .mapToInt(Users::year)
            .reduce(endedYear, Math::max);
    return latest
        .map(one -> new Standing(one.event(), one.isBegun(), used))
        .orElseGet(() -> new Standing(null, false, used));
  }

  private static int year(SubjectEvents.Live live) {
    return YearlyEventType.year(live.event());
  }

  private static void write(Handle handle, Standing.Change change) {
    switch (change) {
      case Standing.Added(Event event) -> PostgresEventStore.plan(handle, List.of(event));
      case Standing.Moved(Event event) -> SubjectEvents.reschedule(handle, event);
    }
  }

  private static Map<String, Integer> usedUpTo(Handle handle, UUID id) {
    Map<String, Integer> years = new HashMap<>();
    handle
        .createQuery(SQL.get("used_up_to"))
        .bind("id", id)
        .map((row, _) -> Map.entry(row.getString("event_type"), row.getInt("year")))
        .forEach(entry -> years.put(entry.getKey(), entry.getValue()));
    return years;
  }

  private static Optional<User> one(Handle handle, String statement, UUID id) {
    return handle
        .createQuery(SQL.get(statement))
        .bind("id", id)
        .map((row, _) -> UserRows.read(row))
        .findOne();
  }

  private void hint(List<Event> events) {
    events.stream().map(event -> event.at().instant()).min(Instant::compareTo).ifPresent(planned);
  }
}
