package dev.carillon.server.health;

import dev.carillon.server.http.OpenToAll;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** {@code /health}: for load balancers and people. Needs no authentication and is not throttled. */
@Path("/health")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Operations")
public final class HealthResource {

  private final Health health;

  /** The resource. */
  public HealthResource(Health health) {
    this.health = health;
  }

  /** The report: 200, or 503 if the process is unhealthy. */
  @GET
  @OpenToAll
  @Operation(summary = "How the process is; 503 if it is unhealthy")
  public RestResponse<HealthReport> report() {
    HealthReport report = health.report();
    int status = report.status().equals(HealthReport.UNHEALTHY) ? 503 : 200;
    return RestResponse.ResponseBuilder.create(RestResponse.Status.fromStatusCode(status), report)
        .header("Cache-Control", "no-store")
        .build();
  }
}
