package dev.carillon.server.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.carillon.server.http.ProblemException;
import dev.carillon.view.registry.RowQuery;
import dev.carillon.view.registry.RowQuery.Comparison;
import dev.carillon.view.registry.RowQuery.Filter;
import dev.carillon.view.registry.RowQuery.Sort;
import jakarta.ws.rs.core.MultivaluedHashMap;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowsInputTest {

  private final MultivaluedHashMap<String, String> values = new MultivaluedHashMap<>();

  @Test
  void withoutAWordTheFirstRowsAreMeant() {
    RowQuery query = RowsInput.read(values);

    assertThat(query.filters()).isEmpty();
    assertThat(query.sort()).isEmpty();
    assertThat(query.limit()).isEqualTo(RowsInput.DEFAULT_LIMIT);
    assertThat(query.offset()).isZero();
  }

  @Test
  void columnsAreComparedAsTheirNamesSay() {
    values.add("bucket", "b");
    values.add("total[gte]", "5");
    values.add("total[gte]", "6");
    values.add("limit[eq]", "7");
    values.add("sort", "-total,bucket");

    RowQuery query = RowsInput.read(values);

    assertThat(query.filters())
        .containsExactlyInAnyOrder(
            new Filter("bucket", Comparison.EQ, "b"),
            new Filter("total", Comparison.GTE, "5"),
            new Filter("total", Comparison.GTE, "6"),
            new Filter("limit", Comparison.EQ, "7"));
    assertThat(query.sort()).containsExactly(new Sort("total", true), new Sort("bucket", false));
  }

  @ParameterizedTest
  @CsvSource({
    "limit, 0, limit must be a number from 1 to 1000",
    "limit, 1001, limit must be a number from 1 to 1000",
    "cursor, x, cursor must be a number from 0 to 100000",
    "sort, -, sort must be columns",
    "total[like], x, total[like] must be column or column[comparison]",
    "total[], x, total[] must be column or column[comparison]",
  })
  void whatIsWrongIsNamed(String name, String value, String told) {
    values.add(name, value);

    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(() -> RowsInput.read(values))
        .satisfies(e -> assertThat(e.problem().detail()).startsWith(told));
  }

  @Test
  void tooManyFiltersAreRefused() {
    values.put("a", Collections.nCopies(RowQuery.MAX_FILTERS + 1, "1"));

    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(() -> RowsInput.read(values))
        .satisfies(e -> assertThat(e.problem().detail()).contains("at most 20"));
  }

  @Test
  void aPageFollowsUntilItWouldBeTooFar() {
    values.add("limit", "1000");
    values.add("cursor", "99000");

    RowQuery query = RowsInput.read(values);

    assertThat(RowsInput.next(query, true)).isEqualTo("100000");
    assertThat(RowsInput.next(query, false)).isNull();
    values.putSingle("cursor", "100000");
    assertThat(RowsInput.next(RowsInput.read(values), true)).isNull();
  }
}
