package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageIT {

  private static final Pattern LINK = Pattern.compile("(?:src|href)=\"([^\"]*)\"");

  private final RunningServer server = RunningServer.shared();

  @ParameterizedTest
  @CsvSource({"/,text/html", "/page.css,text/css", "/page.js,text/javascript"})
  void everybodyGetsThePageAndNothingOfItComesFromElsewhere(String path, String type) {
    HttpResponse<String> page = get(path);

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(header(page, "content-type")).isEqualTo(type + ";charset=UTF-8");
    assertThat(header(page, "content-security-policy"))
        .startsWith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'")
        .contains("frame-ancestors 'none'")
        .doesNotContain("unsafe", "http", "*");
    assertThat(header(page, "x-content-type-options")).isEqualTo("nosniff");
    assertThat(page.body()).doesNotContain("http:", "https:", "//cdn", "@import", "url(");
  }

  @Test
  void allThatThePageLinksIsThereAndNothingIsInline() {
    String html = get("/").body();
    List<String> links =
        LINK.matcher(html).results().map((MatchResult link) -> link.group(1)).toList();

    assertThat(links).contains("page.css", "page.js", "docs", "health");
    assertThat(links)
        .filteredOn(link -> !link.startsWith("data:"))
        .allSatisfy(link -> assertThat(get("/" + link).statusCode()).as(link).isBetween(200, 399));
    assertThat(html).doesNotContain("<style", " style=", " onclick=", "<script>");
    assertThat(html).contains("<html lang=\"en\">", "name=\"viewport\"", "<label for=\"token\">");
  }

  @Test
  void aPageThatIsKnownIsNotSentAgain() {
    String tag = header(get("/"), "etag");

    assertThat(server.send(server.request("/").header("If-None-Match", tag).GET()).statusCode())
        .isEqualTo(304);
  }

  @Test
  void thePageHoldsNoDataAndWhatItAsksForNeedsAToken() {
    Api.assertProblem(get("/v1/jobs/events"), 401);
    Api.assertProblem(get("/v1/cache/status"), 401);
    Api.assertProblem(get("/nothing"), 404);
    assertThat(get("/openapi").body()).doesNotContain("page.js");
  }

  private HttpResponse<String> get(String path) {
    return server.send(server.request(path).GET());
  }

  private static String header(HttpResponse<String> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }
}
