package dev.carillon.server.view;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.carillon.server.http.Allow;
import dev.carillon.server.http.Problem;
import dev.carillon.server.http.ProblemException;
import dev.carillon.server.http.QueryFields;
import dev.carillon.server.http.Validators;
import dev.carillon.server.security.Role;
import dev.carillon.view.Tier;
import dev.carillon.view.ViewName;
import dev.carillon.view.catalog.Freshness;
import dev.carillon.view.registry.RowQuery;
import dev.carillon.view.registry.RowReader;
import dev.carillon.view.registry.Standing;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** {@code /v1/views/{name}/rows}: what a view holds. */
@Path("/v1/views/{name}/rows")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Allow({Role.ADMIN, Role.SERVICE})
@Tag(name = "Views")
public final class RowsResource {

  /**
   * A page of rows.
   *
   * @param columns the view's columns, each with its type
   * @param rows the rows, as PostgreSQL writes them as JSON
   * @param freshness how fresh they are
   */
  @JsonNaming(SnakeCaseStrategy.class)
  record RowPage(
      Map<String, String> columns,
      @Schema(
              type = SchemaType.ARRAY,
              implementation = Object.class,
              description = "an object with the view's columns for each row")
          List<RawValue> rows,
      FreshnessView freshness,
      @Nullable String nextCursor,
      boolean hasMore) {}

  private final Viewing viewing;

  /** The resource. */
  public RowsResource(Viewing viewing) {
    this.viewing = viewing;
  }

  /** Reads rows. */
  @GET
  @Operation(
      summary = "Rows of a view, filtered and sorted, and how fresh they are",
      description =
          "Every column is a parameter: column=value, or column[gte]=value with eq, ne, lt, lte, gt"
              + " or gte. All filters must hold. Values are read as the column's type.")
  @Parameter(
      name = RowsInput.SORT,
      in = ParameterIn.QUERY,
      description = "columns with commas between them, each with a - for descending")
  @Parameter(name = QueryFields.LIMIT, in = ParameterIn.QUERY, description = "1 to 1,000; 100")
  @Parameter(name = QueryFields.CURSOR, in = ParameterIn.QUERY)
  public RestResponse<RowPage> rows(@PathParam("name") String name, @Context UriInfo uri) {
    ViewName view = ViewNames.parse(name);
    RowQuery query = RowsInput.read(uri.getQueryParameters());
    // Before the rows: these are at least as fresh.
    Freshness freshness = freshness(view);
    RowReader.Rows read = read(view, query);
    String next = RowsInput.next(query, read.hasMore());
    RowPage page =
        new RowPage(
            read.columns(),
            read.rows().stream().map(RawValue::new).toList(),
            FreshnessView.of(freshness),
            next,
            read.hasMore());
    return RestResponse.ResponseBuilder.ok(page)
        .header(HttpHeaders.LAST_MODIFIED, Validators.date(freshness.asOf()))
        .header("Age", Long.toString(freshness.lag().toSeconds()))
        .build();
  }

  private Freshness freshness(ViewName view) {
    Standing standing =
        viewing
            .reads()
            .find(view)
            .orElseThrow(() -> problem(404, "there is no view named " + view));
    Freshness freshness = standing.freshness();
    if (freshness == null) {
      throw problem(
          409,
          standing.view().tier() == Tier.FULL
              ? "%s was never filled: POST /v1/views/%s/refresh fills it".formatted(view, view)
              : "%s cannot be read: %s".formatted(view, standing.state().reason()));
    }
    return freshness;
  }

  private RowReader.Rows read(ViewName view, RowQuery query) {
    try {
      return viewing.rows().read(view, query);
    } catch (IllegalArgumentException e) {
      throw problem(400, String.valueOf(e.getMessage()));
    } catch (IllegalStateException e) {
      throw problem(409, String.valueOf(e.getMessage()));
    }
  }

  private static ProblemException problem(int status, String detail) {
    return new ProblemException(Problem.of(status, detail));
  }
}
