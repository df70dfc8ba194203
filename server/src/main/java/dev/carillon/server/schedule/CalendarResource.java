package dev.carillon.server.schedule;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.carillon.schedule.Calendars;
import dev.carillon.schedule.Calendars.Listed;
import dev.carillon.schedule.Names;
import dev.carillon.schedule.calendar.IcsDates;
import dev.carillon.server.calendar.CalendarAnswer;
import dev.carillon.server.calendar.CalendarRefresh;
import dev.carillon.server.calendar.CalendarUrl;
import dev.carillon.server.http.Allow;
import dev.carillon.server.http.Json;
import dev.carillon.server.http.MediaTypes;
import dev.carillon.server.http.Problem;
import dev.carillon.server.http.ProblemException;
import dev.carillon.server.http.QueryFields;
import dev.carillon.server.performing.Performing;
import dev.carillon.server.security.Role;
import dev.carillon.webhook.endpoint.UrlRule;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** {@code /v1/calendars}: named lists of dates on which schedules that name them do not fire. */
@Path("/v1/calendars")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Allow({Role.ADMIN, Role.SERVICE})
@Tag(name = "Calendars")
public final class CalendarResource {

  /** A calendar as it is made: one of the three. */
  record CalendarBody(
      @Schema(description = "at most 10,000") @Nullable List<LocalDate> dates,
      @Schema(description = "an iCalendar text (RFC 5545), whose whole-day events count")
          @Nullable String ics,
      @Schema(
              description =
                  "where such a text is: fetched at once, and again every 24 hours; webcal:// is https://")
          @Nullable String url) {}

  /** A page of calendars. */
  @JsonNaming(SnakeCaseStrategy.class)
  record CalendarPage(List<CalendarView> calendars, @Nullable String nextCursor, boolean hasMore) {}

  private final Calendars calendars;
  private final InstantSource clock;
  private final Performing performing;
  private final UrlRule rule;

  /** The resource. */
  public CalendarResource(
      Calendars calendars, InstantSource clock, Performing performing, UrlRule rule) {
    this.calendars = calendars;
    this.clock = clock;
    this.performing = performing;
    this.rule = rule;
  }

  /** Makes or replaces a calendar. */
  @PUT
  @Path("/{name}")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Make or replace a calendar: of dates, of an iCalendar text, or of the URL of one")
  @RequestBody(
      required = true,
      content = @Content(schema = @Schema(implementation = CalendarBody.class)))
  public CalendarView put(@PathParam("name") String name, InputStream body)
      throws InterruptedException {
    requireName(name);
    return switch (CalendarInput.ofJson(Json.read(body), clock.instant())) {
      case CalendarInput.Known known -> put(name, known);
      case CalendarInput.ByUrl(String url) -> putFetched(name, url);
    };
  }

  /** Makes or replaces a calendar by a file. */
  @PUT
  @Path("/{name}")
  @Consumes(MediaTypes.ICALENDAR)
  @Operation(hidden = true)
  public CalendarView upload(@PathParam("name") String name, InputStream body) {
    requireName(name);
    return put(name, CalendarInput.ofIcs(body, clock.instant()));
  }

  /** Lists calendars. */
  @GET
  @Operation(summary = "List calendars by name, without their dates")
  @Parameter(name = QueryFields.LIMIT, in = ParameterIn.QUERY, description = "1 to 500; 50")
  @Parameter(name = QueryFields.CURSOR, in = ParameterIn.QUERY)
  public CalendarPage list(@Context UriInfo uri) {
    QueryFields query = new QueryFields(uri, Set.of(QueryFields.LIMIT, QueryFields.CURSOR));
    int limit = query.limit();
    String cursor =
        query.optional(
            QueryFields.CURSOR,
            "the next_cursor of the page before",
            text -> Optional.of(text).filter(Names::isName));
    query.check();
    List<Listed> read = calendars.list(cursor, limit + 1);
    boolean more = read.size() > limit;
    List<Listed> page = more ? read.subList(0, limit) : read;
    return new CalendarPage(
        page.stream().map(CalendarView::listed).toList(),
        more ? page.getLast().name() : null,
        more);
  }

  /** Reads a calendar. */
  @GET
  @Path("/{name}")
  @Operation(summary = "Read a calendar")
  public CalendarView find(@PathParam("name") String name) {
    return calendars
        .find(name)
        .map(calendar -> CalendarView.of(calendar, null))
        .orElseThrow(CalendarResource::unknown);
  }

  /** Fetches a calendar again. */
  @POST
  @Path("/{name}/refresh")
  @Operation(summary = "Fetch a calendar that has a URL now; if that fails it keeps its dates")
  public CalendarView refresh(@PathParam("name") String name) throws InterruptedException {
    if (calendars.find(name).orElseThrow(CalendarResource::unknown).feed() == null) {
      throw given(name);
    }
    IcsDates read = read(fetching().refresh(name).orElseThrow(() -> given(name)));
    return calendars
        .find(name)
        .map(calendar -> CalendarView.of(calendar, read.leftOut()))
        .orElseThrow(CalendarResource::unknown);
  }

  /** Deletes a calendar. */
  @DELETE
  @Path("/{name}")
  @ResponseStatus(204)
  @Operation(summary = "Delete a calendar that no schedule names")
  public void delete(@PathParam("name") String name) {
    switch (calendars.delete(name)) {
      case DONE -> {}
      case NOT_FOUND -> throw unknown();
      case IN_USE ->
          throw new ProblemException(
              Problem.of(409, "a schedule names the calendar %s".formatted(name)));
    }
  }

  private CalendarView putFetched(String name, String given) throws InterruptedException {
    String url = CalendarUrl.fetched(given);
    rule.problem(url)
        .ifPresent(problem -> {
          throw new ProblemException(Problem.invalid(CalendarInput.URL, problem));
        });
    IcsDates read = read(fetching().fetch(url));
    return CalendarView.of(
        calendars.putFetched(name, read.dates(), CalendarInput.URL, url), read.leftOut());
  }

  private CalendarRefresh fetching() {
    return performing
        .calendars()
        .orElseThrow(() -> new ProblemException(Problem.of(503, "the process is stopping")));
  }

  private static IcsDates read(CalendarAnswer answer) {
    return switch (answer) {
      case CalendarAnswer.Read(IcsDates dates) -> dates;
      case CalendarAnswer.NotAllowed(String reason) ->
          throw new ProblemException(Problem.invalid(CalendarInput.URL, reason));
      case CalendarAnswer.Failed(String reason) ->
          throw new ProblemException(Problem.of(502, "the calendar cannot be fetched: " + reason));
    };
  }

  private static ProblemException given(String name) {
    return new ProblemException(
        Problem.of(409, "the dates of the calendar %s were given: it has no url".formatted(name)));
  }

  private CalendarView put(String name, CalendarInput.Known input) {
    if (input.dates().size() > Calendars.MAX_DATES) {
      throw new ProblemException(
          Problem.invalid("dates", "has more than %d dates".formatted(Calendars.MAX_DATES)));
    }
    return CalendarView.of(calendars.put(name, input.dates(), input.source()), input.leftOut());
  }

  private static void requireName(String name) {
    if (!Names.isName(name)) {
      throw new ProblemException(Problem.invalid("name", "must be " + Names.ALLOWED));
    }
  }

  private static ProblemException unknown() {
    return new ProblemException(Problem.of(404, "there is no such calendar"));
  }
}
