package dev.carillon.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code carillon view rows}. */
@Command(
    name = "rows",
    mixinStandardHelpOptions = true,
    description = "Show rows of a view, and how fresh they are.")
final class ViewRowsCommand extends ViewCommand.OfView {

  private static final int INVALID = 2;
  private static final Pattern FILTER = Pattern.compile("([^<>=!]+)(>=|<=|!=|=|<|>)(.*)");
  private static final Map<String, String> COMPARISONS =
      Map.of("=", "eq", "!=", "ne", "<", "lt", "<=", "lte", ">", "gt", ">=", "gte");

  @Option(
      names = "--where",
      paramLabel = "COLUMN=VALUE",
      description = "only such rows; also with !=, <, <=, > and >=; may be said several times")
  private List<String> where = new ArrayList<>();

  @Option(
      names = "--sort",
      paramLabel = "COLUMNS",
      description = "with commas between them, each with a - for descending")
  private @Nullable String sort;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "at most so many, 1 to 1000 (${DEFAULT-VALUE})")
  private int limit;

  @Override
  JsonNode ask(ServerClient client) {
    StringBuilder query = new StringBuilder("/rows?limit=" + limit);
    if (sort != null) {
      query.append("&sort=").append(ServerClient.encoded(sort));
    }
    where.forEach(filter -> query.append('&').append(filter(filter)));
    return client.get(path() + query);
  }

  /** A condition as a parameter of the API. */
  static String filter(String text) {
    Matcher form = FILTER.matcher(text);
    if (!form.matches()) {
      throw new CommandFailed(
          INVALID, "--where: COLUMN=VALUE is allowed, or with !=, <, <=, > or >=");
    }
    String name = "%s[%s]".formatted(form.group(1).strip(), COMPARISONS.get(form.group(2)));
    return ServerClient.encoded(name) + "=" + ServerClient.encoded(form.group(3).strip());
  }

  @Override
  void print(JsonNode answer, ServerOptions to) {
    List<String> columns = new ArrayList<>();
    answer.path("columns").fieldNames().forEachRemaining(columns::add);
    Table table = new Table(columns.toArray(String[]::new));
    for (JsonNode row : answer.path("rows")) {
      table.add(
          columns.stream().map(column -> Table.text(row.path(column))).toArray(String[]::new));
    }
    table.print(to.out());
    JsonNode freshness = answer.path("freshness");
    to.out()
        .println(
            "%d rows%s, as of %s%s"
                .formatted(
                    answer.path("rows").size(),
                    answer.path("has_more").asBoolean() ? " and more" : "",
                    freshness.path("as_of").asText(),
                    freshness.path("exact").asBoolean() ? "" : ", not exact"));
  }
}
