package dev.carillon.server.page;

import dev.carillon.server.http.OpenToAll;
import dev.carillon.server.http.Validators;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * {@code /}: a page that follows jobs and views. It holds no data and so needs no token; what it
 * shows it asks of the API, as whoever looks at it.
 */
@Path("/")
public final class PageResource {

  /** Everything is of this server, and nothing is put together from text. */
  static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:;"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'";

  private static final PageFile HTML = PageFile.read("page.html", "text/html;charset=UTF-8");
  private static final PageFile CSS = PageFile.read("page.css", "text/css;charset=UTF-8");
  private static final PageFile SCRIPT = PageFile.read("page.js", "text/javascript;charset=UTF-8");

  /** The page. */
  @GET
  @OpenToAll
  @Operation(hidden = true)
  public RestResponse<byte[]> page(@HeaderParam(HttpHeaders.IF_NONE_MATCH) @Nullable String tags) {
    return answer(HTML, tags);
  }

  /** How it looks. */
  @GET
  @Path("page.css")
  @OpenToAll
  @Operation(hidden = true)
  public RestResponse<byte[]> style(@HeaderParam(HttpHeaders.IF_NONE_MATCH) @Nullable String tags) {
    return answer(CSS, tags);
  }

  /** What it does. */
  @GET
  @Path("page.js")
  @OpenToAll
  @Operation(hidden = true)
  public RestResponse<byte[]> script(
      @HeaderParam(HttpHeaders.IF_NONE_MATCH) @Nullable String tags) {
    return answer(SCRIPT, tags);
  }

  private static RestResponse<byte[]> answer(PageFile file, @Nullable String tags) {
    boolean known = tags != null && Validators.isKnown(List.of(tags), file.tag());
    RestResponse.ResponseBuilder<byte[]> response =
        known
            ? RestResponse.ResponseBuilder.notModified()
            : RestResponse.ResponseBuilder.ok(file.bytes());
    if (!known) {
      response.header(HttpHeaders.CONTENT_TYPE, file.mediaType());
    }
    return response
        .header(HttpHeaders.ETAG, file.tag())
        .header(HttpHeaders.CACHE_CONTROL, "no-cache")
        .header("Content-Security-Policy", POLICY)
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "no-referrer")
        .build();
  }
}
