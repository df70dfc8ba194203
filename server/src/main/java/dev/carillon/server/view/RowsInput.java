package dev.carillon.server.view;

import dev.carillon.server.http.FieldError;
import dev.carillon.server.http.Problem;
import dev.carillon.server.http.ProblemException;
import dev.carillon.server.http.QueryFields;
import dev.carillon.view.registry.RowQuery;
import dev.carillon.view.registry.RowQuery.Comparison;
import dev.carillon.view.registry.RowQuery.Filter;
import dev.carillon.view.registry.RowQuery.Sort;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which rows a query asks for: {@code column=value}, {@code column[gte]=value}, {@code
 * sort=-column,other}, {@code limit} and {@code cursor}. A column that is called like one of these
 * is filtered with {@code limit[eq]=}.
 */
final class RowsInput {

  static final String SORT = "sort";

  /** How many rows a page has if nobody says. */
  static final int DEFAULT_LIMIT = 100;

  private static final Set<String> RESERVED = Set.of(SORT, QueryFields.LIMIT, QueryFields.CURSOR);
  private static final Pattern FORM = Pattern.compile("(.+?)(?:\\[(.*)])?");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
  private static final String COMPARISONS =
      Arrays.stream(Comparison.values()).map(RowsInput::word).collect(Collectors.joining(", "));

  private final MultivaluedMap<String, String> values;
  private final List<FieldError> errors = new ArrayList<>();

  private RowsInput(MultivaluedMap<String, String> values) {
    this.values = values;
  }

  /**
   * The rows that a query asks for.
   *
   * @throws ProblemException 400 with everything that is wrong
   */
  static RowQuery read(MultivaluedMap<String, String> values) {
    RowsInput input = new RowsInput(values);
    List<Filter> filters = input.filters();
    List<Sort> sort = input.sort();
    int limit = input.number(QueryFields.LIMIT, 1, RowQuery.MAX_LIMIT, DEFAULT_LIMIT);
    int offset = input.number(QueryFields.CURSOR, 0, RowQuery.MAX_OFFSET, 0);
    if (filters.size() > RowQuery.MAX_FILTERS || sort.size() > RowQuery.MAX_FILTERS) {
      input.error("filters", "at most %d, and as many in sort".formatted(RowQuery.MAX_FILTERS));
    }
    if (!input.errors.isEmpty()) {
      throw new ProblemException(Problem.invalid(input.errors));
    }
    return new RowQuery(filters, sort, limit, offset);
  }

  /** Where the next page begins; null if there is none, or it is too far. */
  static @Nullable String next(RowQuery query, boolean hasMore) {
    int offset = query.offset() + query.limit();
    return hasMore && offset <= RowQuery.MAX_OFFSET ? Integer.toString(offset) : null;
  }

  private List<Filter> filters() {
    List<Filter> filters = new ArrayList<>();
    values.forEach((name, given) -> {
      Matcher form = FORM.matcher(name);
      if (!RESERVED.contains(name) && form.matches()) {
        Comparison comparison = comparison(form.group(2));
        if (comparison == null) {
          error(shown(name), "must be column or column[comparison], which is " + COMPARISONS);
        } else {
          given.forEach(value -> filters.add(new Filter(form.group(1), comparison, value)));
        }
      } else if (!RESERVED.contains(name)) {
        error(shown(name), "must be a column");
      }
    });
    return filters;
  }

  private List<Sort> sort() {
    List<Sort> sort = new ArrayList<>();
    for (String text : values.getOrDefault(SORT, List.of())) {
      for (String part : text.split(",", -1)) {
        boolean descending = part.startsWith("-");
        String column = descending ? part.substring(1) : part;
        if (column.isEmpty()) {
          error(SORT, "must be columns with commas between them, each with a - for descending");
        } else {
          sort.add(new Sort(column, descending));
        }
      }
    }
    return sort;
  }

  private int number(String name, int least, int most, int otherwise) {
    List<String> given = values.getOrDefault(name, List.of());
    if (given.isEmpty()) {
      return otherwise;
    }
    Optional<Integer> number =
        Optional.of(given.getFirst())
            .filter(text -> given.size() == 1 && NUMBER.matcher(text).matches())
            .map(Integer::valueOf)
            .filter(value -> value >= least && value <= most);
    if (number.isEmpty()) {
      error(name, "must be a number from %d to %d, once".formatted(least, most));
    }
    return number.orElse(otherwise);
  }

  private void error(String field, String detail) {
    errors.add(new FieldError(field, detail));
  }

  private static @Nullable Comparison comparison(@Nullable String word) {
    if (word == null) {
      return Comparison.EQ;
    }
    return Arrays.stream(Comparison.values())
        .filter(one -> word(one).equals(word))
        .findFirst()
        .orElse(null);
  }

  private static String word(Comparison comparison) {
    return comparison.name().toLowerCase(Locale.ROOT);
  }

  private static String shown(String name) {
    return name.substring(0, Math.min(name.length(), FieldError.MAX_SHOWN));
  }
}
