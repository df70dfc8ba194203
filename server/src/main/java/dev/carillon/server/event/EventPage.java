package dev.carillon.server.event;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.carillon.birthday.YearlyEventType;
import dev.carillon.event.EventStatus;
import dev.carillon.postgres.EventOperations;
import dev.carillon.postgres.EventOperations.Details;
import dev.carillon.postgres.EventOperations.Filter;
import dev.carillon.server.http.Page;
import dev.carillon.server.http.QueryFields;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A page of events, newest first, and how a query asks for one. */
@JsonNaming(SnakeCaseStrategy.class)
public record EventPage(List<EventView> events, @Nullable UUID nextCursor, boolean hasMore) {

  static final String STATUS = "status";
  static final String EVENT_TYPE = "event_type";
  static final String USER_ID = "user_id";
  static final String FROM = "from";
  static final String TO = "to";

  /** What {@link #type} takes. */
  static final String TYPE_ALLOWED =
      "the name of an event type, " + YearlyEventType.NAME + ", such as BIRTHDAY";

  private static final Set<String> KNOWN =
      Set.of(STATUS, EVENT_TYPE, USER_ID, FROM, TO, QueryFields.LIMIT, QueryFields.CURSOR);

  /** The page that a query asks for. */
  static EventPage of(EventOperations operations, UriInfo uri) {
    QueryFields query = new QueryFields(uri, KNOWN);
    EventStatus status =
        query.optional(
            STATUS,
            "PENDING, PROCESSING, COMPLETED, FAILED or CANCELLED",
            text ->
                Arrays.stream(EventStatus.values()).filter(s -> s.name().equals(text)).findFirst());
    String type = query.optional(EVENT_TYPE, TYPE_ALLOWED, EventPage::type);
    UUID user = query.id(USER_ID);
    Instant from = query.instant(FROM);
    Instant to = query.instant(TO);
    return read(operations, query, new Filter(user, status, type, from, to));
  }

  /** A page of one user's events. */
  static EventPage ofUser(EventOperations operations, UriInfo uri, UUID user) {
    QueryFields query = new QueryFields(uri, Set.of(QueryFields.LIMIT, QueryFields.CURSOR));
    return read(operations, query, new Filter(user, null, null, null, null));
  }

  /** The same for a user. */
  EventPage withoutReasons() {
    return new EventPage(
        events.stream().map(EventView::withoutReason).toList(), nextCursor, hasMore);
  }

  /** A page of dead letters. */
  static EventPage ofDead(EventOperations operations, UriInfo uri) {
    QueryFields query =
        new QueryFields(
            uri, Set.of(EVENT_TYPE, USER_ID, FROM, TO, QueryFields.LIMIT, QueryFields.CURSOR));
    String type = query.optional(EVENT_TYPE, TYPE_ALLOWED, EventPage::type);
    UUID user = query.id(USER_ID);
    Instant from = query.instant(FROM);
    Instant to = query.instant(TO);
    return read(operations, query, new Filter(user, EventStatus.FAILED, type, from, to));
  }

  /** A text that may be the name of an event type, known here or not. */
  static Optional<String> type(String text) {
    return Optional.of(text).filter(YearlyEventType.NAME.asMatchPredicate());
  }

  private static EventPage read(EventOperations operations, QueryFields query, Filter filter) {
    int limit = query.limit();
    UUID cursor = query.cursor();
    query.check();
    Page<Details> page =
        Page.of(operations.list(filter, cursor, limit + 1), limit, each -> each.event().id());
    return new EventPage(
        page.items().stream().map(EventView::of).toList(), page.nextCursor(), page.hasMore());
  }
}
