package dev.carillon.server.schedule;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.carillon.schedule.Definition;
import dev.carillon.schedule.Schedule;
import dev.carillon.schedule.ScheduleState;
import dev.carillon.schedule.TargetChoice;
import dev.carillon.schedule.Timing;
import dev.carillon.schedule.UnreadableSchedule;
import dev.carillon.schedule.expression.Spelling;
import dev.carillon.schedule.history.History;
import dev.carillon.schedule.history.HistoryPage;
import dev.carillon.schedule.history.Situations;
import dev.carillon.schedule.planning.Backfill;
import dev.carillon.schedule.planning.Schedules;
import dev.carillon.server.http.Allow;
import dev.carillon.server.http.Json;
import dev.carillon.server.http.JsonFields;
import dev.carillon.server.http.Problem;
import dev.carillon.server.http.ProblemException;
import dev.carillon.server.http.QueryFields;
import dev.carillon.server.performing.Performing;
import dev.carillon.server.schedule.ScheduleBodies.BackfillBody;
import dev.carillon.server.schedule.ScheduleBodies.PreviewBody;
import dev.carillon.server.schedule.ScheduleBodies.RunBody;
import dev.carillon.server.security.Role;
import dev.carillon.time.TimeZones;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** The runs of schedules: those that are to come, those by hand, those that were, and why not. */
@Path("/v1/schedules")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Allow({Role.ADMIN, Role.SERVICE})
@Tag(name = "Schedules")
public final class RunResource {

  /** How many times a preview shows if nobody says. */
  static final int DEFAULT_COUNT = 10;

  /** The longest input of a run by hand, in characters as JSON: its event carries it. */
  static final int MAX_INPUT = 60_000;

  private static final String COUNT = "count";
  private static final String AFTER = "after";
  private static final String FROM = "from";
  private static final String TO = "to";
  private static final String INPUT = "input";
  private static final String ONLY = "only";
  private static final UUID NOBODY = new UUID(0, 0);
  private static final Set<String> PREVIEWED = previewed();
  private static final Set<String> BACKFILLED = Set.of(FROM, TO);
  private static final Set<String> HISTORY =
      Set.of(ScheduleRefs.GROUP, ONLY, QueryFields.LIMIT, QueryFields.CURSOR);

  /** A run that was asked for: it is an event of this id. */
  @JsonNaming(SnakeCaseStrategy.class)
  record RunView(UUID run, UUID schedule) {}

  /** How many runs a backfill made due; those that were due from another one are not counted. */
  record BackfillView(int runs) {}

  private final Schedules schedules;
  private final ScheduleRefs refs;
  private final Situations situations;
  private final InstantSource clock;
  private final Performing performing;

  /** The resource. */
  public RunResource(
      Schedules schedules, Situations situations, InstantSource clock, Performing performing) {
    this.schedules = schedules;
    this.refs = new ScheduleRefs(schedules);
    this.situations = situations;
    this.clock = clock;
    this.performing = performing;
  }

  /** Runs a schedule now. */
  @POST
  @Path("/{id}/run")
  @ResponseStatus(202)
  @Operation(summary = "Run it now, whether it is enabled or not")
  @Parameter(name = ScheduleRefs.GROUP, in = ParameterIn.QUERY)
  @RequestBody(content = @Content(schema = @Schema(implementation = RunBody.class)))
  public RunView run(@PathParam("id") String id, @Context UriInfo uri, InputStream body) {
    JsonFields fields = new JsonFields(Json.readOrEmpty(body), Set.of(INPUT));
    String input = ScheduleInput.input(fields, performing::scheduleTargets);
    if (input != null && TextNode.valueOf(input).toString().length() > MAX_INPUT) {
      fields.error(INPUT, "must have at most %d characters as JSON".formatted(MAX_INPUT));
    }
    fields.check();
    UUID schedule = known(id, uri).id();
    return schedules
        .runNow(schedule, input)
        .map(run -> new RunView(run, schedule))
        .orElseThrow(() -> new ProblemException(Problem.of(404, "there is no such schedule")));
  }

  /** Runs the nominal times of a past range. */
  @POST
  @Path("/{id}/backfill")
  @Consumes(MediaType.APPLICATION_JSON)
  @ResponseStatus(202)
  @Operation(summary = "Run the nominal times of a past range in their order, from now on")
  @Parameter(name = ScheduleRefs.GROUP, in = ParameterIn.QUERY)
  @RequestBody(
      required = true,
      content = @Content(schema = @Schema(implementation = BackfillBody.class)))
  public BackfillView backfill(@PathParam("id") String id, @Context UriInfo uri, InputStream body) {
    JsonFields fields = new JsonFields(Json.read(body), BACKFILLED);
    Instant from = fields.required(FROM, QueryFields.INSTANT_ALLOWED, QueryFields::instantOf);
    Instant to = fields.required(TO, QueryFields.INSTANT_ALLOWED, QueryFields::instantOf);
    fields.check();
    if (from == null || to == null) {
      throw new IllegalStateException("the fields were checked");
    }
    if (to.isAfter(clock.instant())) {
      throw new ProblemException(Problem.invalid(TO, "must not be in the future"));
    }
    if (from.isAfter(to)) {
      throw new ProblemException(Problem.invalid(FROM, "must not be after to"));
    }
    return switch (schedules.backfill(known(id, uri).id(), from, to)) {
      case Backfill.Planned(int runs) -> new BackfillView(runs);
      case Backfill.Refused(String reason) -> throw new ProblemException(Problem.of(409, reason));
    };
  }

  /** Shows the next times of a schedule. */
  @GET
  @Path("/{id}/preview")
  @Operation(summary = "The next nominal times, as if it were enabled")
  @Parameter(name = ScheduleRefs.GROUP, in = ParameterIn.QUERY)
  @Parameter(name = COUNT, in = ParameterIn.QUERY, description = "1 to 1000; 10")
  @Parameter(name = AFTER, in = ParameterIn.QUERY, description = "those after this; now")
  public PreviewView preview(@PathParam("id") String id, @Context UriInfo uri) {
    QueryFields query = new QueryFields(uri, Set.of(ScheduleRefs.GROUP, COUNT, AFTER));
    String group = ScheduleRefs.group(query);
    Integer count = query.integer(COUNT, Schedules.MAX_PREVIEW);
    Instant after = query.instant(AFTER);
    query.check();
    return preview(
        refs.known(id, group),
        after == null ? clock.instant() : after,
        count == null ? DEFAULT_COUNT : count);
  }

  /** Shows the next times of a rule that no schedule has. */
  @POST
  @Path("/preview")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "The next times of a rule, without making a schedule of it")
  @RequestBody(
      required = true,
      content = @Content(schema = @Schema(implementation = PreviewBody.class)))
  public PreviewView preview(InputStream body) {
    JsonFields fields = new JsonFields(Json.read(body), PREVIEWED);
    TimingInput input = new TimingInput(fields, TimeZones.ofJvm());
    Instant given = fields.optional(AFTER, QueryFields.INSTANT_ALLOWED, QueryFields::instantOf);
    Integer count = fields.integer(COUNT, 1, Schedules.MAX_PREVIEW);
    Timing timing = input.made();
    Instant after = given == null ? clock.instant() : given;
    return preview(unsaved(timing, after), after, count == null ? DEFAULT_COUNT : count);
  }

  /** Shows what came of a schedule's firings. */
  @GET
  @Path("/{id}/history")
  @Operation(summary = "What came of its firings, the latest first: runs, and those not run")
  @Parameter(name = ScheduleRefs.GROUP, in = ParameterIn.QUERY)
  @Parameter(name = ONLY, in = ParameterIn.QUERY, description = "runs or misses; all")
  @Parameter(name = QueryFields.LIMIT, in = ParameterIn.QUERY, description = "1 to 500; 50")
  @Parameter(name = QueryFields.CURSOR, in = ParameterIn.QUERY)
  public HistoryView history(@PathParam("id") String id, @Context UriInfo uri) {
    QueryFields query = new QueryFields(uri, HISTORY);
    String group = ScheduleRefs.group(query);
    History.Which which =
        query.optional(
            ONLY,
            Spelling.allowed(History.Which.class),
            text -> Spelling.read(History.Which.class, text));
    int limit = query.limit();
    HistoryPage.Cursor from =
        query.optional(
            QueryFields.CURSOR, "the next_cursor of the page before", HistoryView::cursor);
    query.check();
    return HistoryView.of(
        situations
            .history()
            .page(
                refs.known(id, group).id(),
                which == null ? History.Which.ALL : which,
                from == null ? HistoryPage.Cursor.START : from,
                limit));
  }

  /** Explains why a schedule did not run. */
  @GET
  @Path("/{id}/explain")
  @Operation(summary = "Why it did not run, in a sentence, and the facts; or that it does")
  @Parameter(name = ScheduleRefs.GROUP, in = ParameterIn.QUERY)
  public ExplanationView explain(@PathParam("id") String id, @Context UriInfo uri) {
    String group = group(uri);
    try {
      Schedule schedule = refs.found(id, group);
      String trouble = performing.targetTrouble(schedule).orElse(null);
      return ExplanationView.of(situations.of(schedule, trouble, clock.instant()));
    } catch (UnreadableSchedule e) {
      int processes = situations.history().processes();
      return ExplanationView.of(situations.of(e, clock.instant()), processes);
    }
  }

  private PreviewView preview(Schedule schedule, Instant after, int count) {
    return PreviewView.of(
        schedule.definition().timing(), schedules.preview(schedule, after, count), count);
  }

  private Schedule known(String ref, UriInfo uri) {
    return refs.known(ref, group(uri));
  }

  private static @Nullable String group(UriInfo uri) {
    QueryFields query = new QueryFields(uri, ScheduleRefs.ONLY_GROUP);
    String group = ScheduleRefs.group(query);
    query.check();
    return group;
  }

  private static Schedule unsaved(Timing timing, Instant anchor) {
    return new Schedule(
        NOBODY,
        Definition.of("preview", timing, new TargetChoice("none", Json.object(), null)),
        new Schedule.Standing(ScheduleState.ENABLED, "", anchor),
        1,
        anchor,
        anchor,
        anchor);
  }

  private static Set<String> previewed() {
    Set<String> fields = new HashSet<>(TimingInput.FIELDS);
    fields.addAll(List.of(AFTER, COUNT));
    return Set.copyOf(fields);
  }
}
