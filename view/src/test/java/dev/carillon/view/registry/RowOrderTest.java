package dev.carillon.view.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.carillon.view.Market;
import dev.carillon.view.PostgresVersion;
import dev.carillon.view.registry.RowQuery.Comparison;
import dev.carillon.view.registry.RowQuery.Filter;
import dev.carillon.view.registry.RowQuery.Sort;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@EnumSource(PostgresVersion.class)
class RowOrderTest {

  private static final int ROWS = 25;

  private final Market market;

  RowOrderTest(PostgresVersion version) {
    this.market = new Market(version);
  }

  /** Equal in all that has an order, so that only the others tell rows apart. */
  @BeforeEach
  void makeAView() {
    market.run("CREATE TYPE mood AS ENUM ('sad', 'glad')");
    market.run("CREATE DOMAIN spot AS point");
    market.run(
        "CREATE MATERIALIZED VIEW sales AS SELECT 1 AS same, 'glad'::mood AS mood,"
            + " json_build_object('n', n) AS data, ARRAY[json_build_object('n', n)] AS many,"
            + " point(n, n) AS place, point(n, 0)::spot AS spot, NULL::xml AS page,"
            + " int4range(0, 5) AS span, 'x'::varchar AS word FROM generate_series(1, 25) AS n");
  }

  @AfterEach
  void close() {
    market.close();
  }

  @Test
  void pagesOfTypesWithoutAnOrderNeitherRepeatNorLoseARow() {
    List<String> paged = new ArrayList<>();
    for (int offset = 0; offset < ROWS; offset += 4) {
      paged.addAll(read(List.of(), List.of(), 4, offset));
    }

    assertThat(paged).hasSize(ROWS).doesNotHaveDuplicates();
  }

  @Test
  void typesWithAnOrderHaveIt() {
    market.run("DROP MATERIALIZED VIEW sales");
    market.run(
        "CREATE MATERIALIZED VIEW sales AS SELECT * FROM (VALUES (10, 'glad'::mood), (9, 'glad'),"
            + " (9, 'sad'), (NULL, 'sad')) AS v (n, mood)");

    assertThat(read(List.of(), List.of(), 9, 0))
        .containsExactly(
            "{\"n\": 9, \"mood\": \"sad\"}",
            "{\"n\": 9, \"mood\": \"glad\"}",
            "{\"n\": 10, \"mood\": \"glad\"}",
            "{\"n\": null, \"mood\": \"sad\"}");
  }

  @Test
  void theKeyOrdersFirstAndItsIndexIsOfUse() {
    market.run("DROP MATERIALIZED VIEW sales");
    market.run(
        "CREATE MATERIALIZED VIEW sales AS SELECT -n AS other, n AS id FROM generate_series(1, 9) n");
    market.run("CREATE UNIQUE INDEX ON sales (id)");

    assertThat(read(List.of(), List.of(), 2, 0))
        .containsExactly("{\"id\": 1, \"other\": -1}", "{\"id\": 2, \"other\": -2}");
    assertThat(read(List.of(), List.of(new Sort("other", false)), 1, 0))
        .containsExactly("{\"id\": 9, \"other\": -9}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"data", "many", "place", "spot"})
  void whatHasNoOrderCannotBeSortedBy(String column) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(List.of(), List.of(new Sort(column, true)), 5, 0))
        .withMessageContaining("cannot be compared");
  }

  @Test
  void whatHasNoEqualityCannotBeFilteredBy() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> read(List.of(new Filter("data", Comparison.EQ, "{\"n\": 1}")), List.of(), 5, 0))
        .withMessageContaining("cannot be compared");
  }

  @Test
  void aViewThatIsGoneIsToldOf() {
    market.run("DROP MATERIALIZED VIEW sales");

    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> read(List.of(), List.of(), 5, 0))
        .withMessageContaining("no view sales");
  }

  private List<String> read(List<Filter> filters, List<Sort> sort, int limit, int offset) {
    return new RowReader(market.database().jdbi())
        .read(Market.NAME, new RowQuery(filters, sort, limit, offset))
        .rows();
  }
}
