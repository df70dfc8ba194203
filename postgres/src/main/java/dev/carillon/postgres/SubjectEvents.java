package dev.carillon.postgres;

import dev.carillon.event.Event;
import dev.carillon.event.EventStatus;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/**
 * The live events of one subject, within the transaction that changes the subject: so that a user
 * and their events change together or not at all.
 */
public final class SubjectEvents {

  /** How often to look again when events change state while they are being locked. */
  static final int MAX_LOCK_ROUNDS = 100;

  private static final String UNLOCKED = "unlocked";

  private static final Statements SQL = Statements.beside(SubjectEvents.class, "subject.sql");

  private SubjectEvents() {}

  /**
   * A live event, locked until the transaction ends.
   *
   * @param event what it is
   * @param status pending or processing
   * @param attempts how many attempts have ended, while it is pending
   */
  public record Live(Event event, EventStatus status, int attempts) {

    /** Whether an attempt was begun: the event can be called off no more, nor moved. */
    public boolean isBegun() {
      return status == EventStatus.PROCESSING || attempts > 0;
    }
  }

  /**
   * Locks and reads all live events of a subject. The caller must have locked the subject itself,
   * so that nobody else plans events for it.
   *
   * @throws IllegalStateException if the events never stand still
   */
  public static List<Live> lock(Handle handle, UUID subject) {
    Map<UUID, Integer> due = new HashMap<>();
    UUID[] ids = lock(handle, () -> ids(handle, subject), due);
    return read(handle, ids).stream().map(event -> live(event, due)).toList();
  }

  private static UUID[] lock(Handle handle, Supplier<UUID[]> which) {
    return lock(handle, which, new HashMap<>());
  }

  /** Locks events, and tells the attempts of those that are pending. */
  private static UUID[] lock(Handle handle, Supplier<UUID[]> which, Map<UUID, Integer> due) {
    for (int round = 0; round < MAX_LOCK_ROUNDS; round++) {
      handle.savepoint(UNLOCKED);
      UUID[] ids = which.get();
      due.clear();
      due.putAll(lockDue(handle, ids));
      if (due.size() + lockClaimed(handle, ids).size() == ids.length) {
        return ids;
      }
      // Lets all of them go: to lock more while some are held would be out of the engine's order.
      handle.rollbackToSavepoint(UNLOCKED);
    }
    throw new IllegalStateException("the events of a subject changed while being locked");
  }

  /**
   * Gives the pending event of the same id, whose attempts have not begun, new content and time.
   */
  public static void reschedule(Handle handle, Event to) {
    handle
        .createUpdate(SQL.get("reschedule"))
        .bind("id", to.id())
        .bind("idempotency_key", to.idempotencyKey())
        .bind("utc", to.at().instant())
        .bind("local", to.at().local())
        .bind("zone", to.at().zone().getId())
        .bind("tzdb_version", to.at().tzdbVersion())
        .bind("data", to.data())
        .execute();
  }

  /**
   * Cancels all live events and dead letters of a subject, also those being performed.
   *
   * @return how many live events were cancelled
   */
  public static int cancelAll(Handle handle, UUID subject, String reason) {
    // First, and waiting for a redrive that is under way: what it revived is then among the live.
    handle.createUpdate(SQL.get("cancel_dead_letters")).bind("subject", subject).execute();
    UUID[] ids = lock(handle, subject).stream().map(live -> live.event().id()).toArray(UUID[]::new);
    return cancel(handle, ids, reason);
  }

  /**
   * Cancels those pending events of a subject whose attempts have not begun. The caller must have
   * locked the subject itself.
   *
   * @param which chooses among them
   * @return what was cancelled
   */
  public static List<Event> cancelUnbegun(
      Handle handle, UUID subject, Predicate<Event> which, String reason) {
    List<Event> chosen =
        lock(handle, subject).stream()
            .filter(live -> !live.isBegun())
            .map(Live::event)
            .filter(which)
            .toList();
    cancel(handle, chosen.stream().map(Event::id).toArray(UUID[]::new), reason);
    return chosen;
  }

  /**
   * Cancels those of a subject's live events that were due before another one of it, also those
   * being performed.
   *
   * @return how many
   */
  public static int cancelBefore(Handle handle, Event event, String reason) {
    UUID[] ids = lock(handle, () -> idsBefore(handle, event));
    return ids.length == 0 ? 0 : cancel(handle, ids, reason);
  }

  private static int cancel(Handle handle, UUID[] ids, String reason) {
    return handle
        .createUpdate(SQL.get("cancel"))
        .bindArray("ids", UUID.class, (Object[]) ids)
        .bind("reason", reason)
        .execute();
  }

  private static UUID[] idsBefore(Handle handle, Event event) {
    return handle
        .createQuery(SQL.get("ids_before"))
        .bind("subject", event.subject())
        .bind("event_type", event.type())
        .bind("utc", event.at().instant())
        .bind("id", event.id())
        .mapTo(UUID.class)
        .list()
        .toArray(UUID[]::new);
  }

  private static UUID[] ids(Handle handle, UUID subject) {
    return handle
        .createQuery(SQL.get("ids"))
        .bind("subject", subject)
        .mapTo(UUID.class)
        .list()
        .toArray(UUID[]::new);
  }

  private static Map<UUID, Integer> lockDue(Handle handle, UUID[] ids) {
    Map<UUID, Integer> attempts = new HashMap<>();
    handle
        .createQuery(SQL.get("lock_due"))
        .bindArray("ids", UUID.class, (Object[]) ids)
        .map((row, _) -> Map.entry(row.getObject("event_id", UUID.class), row.getInt("attempts")))
        .forEach(entry -> attempts.put(entry.getKey(), entry.getValue()));
    return attempts;
  }

  private static Set<UUID> lockClaimed(Handle handle, UUID[] ids) {
    return new HashSet<>(
        handle
            .createQuery(SQL.get("lock_claimed"))
            .bindArray("ids", UUID.class, (Object[]) ids)
            .mapTo(UUID.class)
            .list());
  }

  private static List<Event> read(Handle handle, UUID[] ids) {
    return handle
        .createQuery(SQL.get("read"))
        .bindArray("ids", UUID.class, (Object[]) ids)
        .map((row, _) -> EventRows.read(row))
        .list();
  }

  private static Live live(Event event, Map<UUID, Integer> due) {
    Integer attempts = due.get(event.id());
    return attempts == null
        ? new Live(event, EventStatus.PROCESSING, 0)
        : new Live(event, EventStatus.PENDING, attempts);
  }
}
