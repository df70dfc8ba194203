package dev.carillon.server.schedule;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.carillon.postgres.Database;
import dev.carillon.schedule.Due;
import dev.carillon.schedule.Schedule;
import dev.carillon.schedule.ScheduleState;
import dev.carillon.schedule.ScheduleTable;
import dev.carillon.schedule.expression.Spelling;
import dev.carillon.schedule.history.History;
import dev.carillon.schedule.planning.Schedules;
import dev.carillon.server.http.Allow;
import dev.carillon.server.http.Json;
import dev.carillon.server.http.JsonFields;
import dev.carillon.server.http.Page;
import dev.carillon.server.http.QueryFields;
import dev.carillon.server.performing.Performing;
import dev.carillon.server.schedule.ScheduleBodies.PauseBody;
import dev.carillon.server.schedule.ScheduleBodies.ScheduleBody;
import dev.carillon.server.security.Role;
import dev.carillon.time.Occurrence;
import dev.carillon.time.TimeZones;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * {@code /v1/schedules}: rules for when, each with a target. A schedule is named by its id, or by
 * its name and {@code ?group=}.
 */
@Path("/v1/schedules")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Allow({Role.ADMIN, Role.SERVICE})
@Tag(name = "Schedules")
public final class ScheduleResource {

  /** How many next times are shown with a schedule. */
  static final int SHOWN_NEXT = 3;

  private static final String ENABLED = "enabled";
  private static final String REVISION = "revision";
  private static final String REASON = "reason";
  private static final String TAG = "tag";
  private static final String STATE = "state";
  private static final String CREATED_PAUSED = "it was created paused";
  private static final String PAUSED = "it was paused through the API";
  private static final Set<String> FIELDS = fields();
  private static final Set<String> LISTED =
      Set.of(ScheduleRefs.GROUP, TAG, STATE, QueryFields.LIMIT, QueryFields.CURSOR);

  /** A page of schedules. */
  @JsonNaming(SnakeCaseStrategy.class)
  record SchedulePage(List<ScheduleView> schedules, @Nullable UUID nextCursor, boolean hasMore) {}

  private final Schedules schedules;
  private final ScheduleRefs refs;
  private final Database database;
  private final InstantSource clock;
  private final Performing performing;
  private final TimeZones zones = TimeZones.ofJvm();

  /** The resource. */
  public ScheduleResource(
      Schedules schedules, Database database, InstantSource clock, Performing performing) {
    this.schedules = schedules;
    this.refs = new ScheduleRefs(schedules);
    this.database = database;
    this.clock = clock;
    this.performing = performing;
  }

  /** Makes a schedule. */
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Make a schedule")
  @RequestBody(
      required = true,
      content = @Content(schema = @Schema(implementation = ScheduleBody.class)))
  @APIResponse(
      responseCode = "201",
      description = "The schedule",
      content = @Content(schema = @Schema(implementation = ScheduleView.class)))
  public RestResponse<ScheduleView> create(InputStream body) {
    JsonFields fields = new JsonFields(Json.read(body), FIELDS);
    ScheduleInput input = new ScheduleInput(fields, zones, performing::scheduleTargets);
    Boolean enabled = fields.flag(ENABLED);
    elsewhere(fields, REVISION, "is not chosen: a new schedule has the revision 1");
    String paused = Boolean.FALSE.equals(enabled) ? CREATED_PAUSED : null;
    Schedule made = ScheduleRefs.done(schedules.create(input.made(), paused));
    return RestResponse.ResponseBuilder.<ScheduleView>created(
            URI.create("/v1/schedules/" + made.id()))
        .entity(shown(made))
        .build();
  }

  /** Lists schedules. */
  @GET
  @Operation(summary = "List schedules, the newest first")
  @Parameter(name = ScheduleRefs.GROUP, in = ParameterIn.QUERY)
  @Parameter(name = TAG, in = ParameterIn.QUERY)
  @Parameter(name = STATE, in = ParameterIn.QUERY, description = "enabled, paused or ended")
  @Parameter(name = QueryFields.LIMIT, in = ParameterIn.QUERY, description = "1 to 500; 50")
  @Parameter(name = QueryFields.CURSOR, in = ParameterIn.QUERY)
  public SchedulePage list(@Context UriInfo uri) {
    QueryFields query = new QueryFields(uri, LISTED);
    ScheduleTable.Filter filter =
        new ScheduleTable.Filter(
            ScheduleRefs.group(query),
            null,
            query.optional(TAG, "a text", Optional::of),
            query.optional(
                STATE,
                Spelling.allowed(ScheduleState.class),
                text -> Spelling.read(ScheduleState.class, text)));
    int limit = query.limit();
    UUID cursor = query.cursor();
    query.check();
    Page<Schedule> page = Page.of(schedules.list(filter, cursor, limit + 1), limit, Schedule::id);
    Map<UUID, Due> dues = dues(page.items());
    return new SchedulePage(
        page.items().stream()
            .map(each -> ScheduleView.of(each, nextAt(dues.get(each.id()))))
            .toList(),
        page.nextCursor(),
        page.hasMore());
  }

  /** Reads a schedule. */
  @GET
  @Path("/{id}")
  @Operation(summary = "Read a schedule: by its id, or by its name and ?group=")
  @Parameter(name = ScheduleRefs.GROUP, in = ParameterIn.QUERY)
  public ScheduleView find(@PathParam("id") String id, @Context UriInfo uri) {
    return shown(known(id, uri));
  }

  /** Changes a schedule. */
  @PATCH
  @Path("/{id}")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Change what is given; null goes back to the default")
  @Parameter(name = ScheduleRefs.GROUP, in = ParameterIn.QUERY)
  @RequestBody(
      required = true,
      content = @Content(schema = @Schema(implementation = ScheduleBody.class)))
  public ScheduleView change(@PathParam("id") String id, @Context UriInfo uri, InputStream body) {
    JsonFields fields = new JsonFields(Json.read(body), FIELDS);
    ScheduleInput input = new ScheduleInput(fields, zones, performing::scheduleTargets);
    Integer revision = fields.integer(REVISION, 1, Integer.MAX_VALUE);
    elsewhere(fields, ENABLED, "is changed by POST /v1/schedules/{id}/pause or /resume");
    fields.check();
    Schedule old = known(id, uri);
    // What is merged with is what is replaced: another change meanwhile is told, not lost.
    long expected = revision == null ? old.revision() : revision;
    return shown(
        ScheduleRefs.done(schedules.update(old.id(), input.changed(old.definition()), expected)));
  }

  /** Deletes a schedule. */
  @DELETE
  @Path("/{id}")
  @ResponseStatus(204)
  @Operation(summary = "Delete a schedule and cancel its runs, also those under way")
  @Parameter(name = ScheduleRefs.GROUP, in = ParameterIn.QUERY)
  public void delete(@PathParam("id") String id, @Context UriInfo uri) {
    schedules.delete(known(id, uri).id());
  }

  /** Pauses a schedule. */
  @POST
  @Path("/{id}/pause")
  @Operation(summary = "Let it fire no more until it is resumed; what is due goes on")
  @Parameter(name = ScheduleRefs.GROUP, in = ParameterIn.QUERY)
  @RequestBody(content = @Content(schema = @Schema(implementation = PauseBody.class)))
  public ScheduleView pause(@PathParam("id") String id, @Context UriInfo uri, InputStream body) {
    JsonFields fields = new JsonFields(Json.readOrEmpty(body), Set.of(REASON));
    String reason =
        fields.optional(
            REASON,
            "a text of 1 to %d characters".formatted(Schedule.Standing.MAX_REASON_LENGTH),
            ScheduleResource::reason);
    fields.check();
    UUID schedule = known(id, uri).id();
    return shown(ScheduleRefs.done(schedules.pause(schedule, reason == null ? PAUSED : reason)));
  }

  /** Resumes a schedule. */
  @POST
  @Path("/{id}/resume")
  @Operation(summary = "Let it fire again, from now on")
  @Parameter(name = ScheduleRefs.GROUP, in = ParameterIn.QUERY)
  public ScheduleView resume(@PathParam("id") String id, @Context UriInfo uri) {
    return shown(ScheduleRefs.done(schedules.resume(known(id, uri).id())));
  }

  /** Pauses a schedule, by another name. */
  @POST
  @Path("/{id}/disable")
  @Operation(summary = "The same as pause")
  @Parameter(name = ScheduleRefs.GROUP, in = ParameterIn.QUERY)
  @RequestBody(content = @Content(schema = @Schema(implementation = PauseBody.class)))
  public ScheduleView disable(@PathParam("id") String id, @Context UriInfo uri, InputStream body) {
    return pause(id, uri, body);
  }

  /** Resumes a schedule, by another name. */
  @POST
  @Path("/{id}/enable")
  @Operation(summary = "The same as resume")
  @Parameter(name = ScheduleRefs.GROUP, in = ParameterIn.QUERY)
  public ScheduleView enable(@PathParam("id") String id, @Context UriInfo uri) {
    return resume(id, uri);
  }

  private Schedule known(String ref, UriInfo uri) {
    QueryFields query = new QueryFields(uri, ScheduleRefs.ONLY_GROUP);
    String group = ScheduleRefs.group(query);
    query.check();
    return refs.known(ref, group);
  }

  private ScheduleView shown(Schedule schedule) {
    List<Occurrence> next =
        schedule.isEnabled() ? schedules.preview(schedule, clock.instant(), SHOWN_NEXT) : List.of();
    return ScheduleView.of(schedule, next, new History(database.jdbi()).punctuality(schedule.id()));
  }

  private Map<UUID, Due> dues(List<Schedule> page) {
    List<UUID> ids = page.stream().map(Schedule::id).toList();
    return database.jdbi().withHandle(handle -> ScheduleTable.dueOf(handle, ids));
  }

  private static @Nullable Instant nextAt(@Nullable Due due) {
    return due == null || due.next() == null ? null : due.next().instant();
  }

  private static void elsewhere(JsonFields fields, String field, String told) {
    if (fields.has(field)) {
      fields.error(field, told);
    }
  }

  private static Optional<String> reason(String text) {
    String reason = text.strip();
    boolean good = !reason.isEmpty() && reason.length() <= Schedule.Standing.MAX_REASON_LENGTH;
    return good && reason.chars().noneMatch(Character::isISOControl)
        ? Optional.of(reason)
        : Optional.empty();
  }

  private static Set<String> fields() {
    Set<String> all = new HashSet<>(ScheduleInput.FIELDS);
    all.addAll(TimingInput.FIELDS);
    all.addAll(PoliciesInput.FIELDS);
    all.addAll(List.of(ENABLED, REVISION));
    return Set.copyOf(all);
  }
}
