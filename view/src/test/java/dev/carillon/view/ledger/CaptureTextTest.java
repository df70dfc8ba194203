package dev.carillon.view.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.view.ViewName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What runs with the owner's rights in others' statements means one thing, and is for nobody else.
 */
@ParameterizedClass
@EnumSource(Version.class)
class CaptureTextTest {

  private static final ViewName VIEW = new ViewName("word_counts");

  private final Shop shop;

  CaptureTextTest(Version version) {
    shop = Shop.withoutView(version);
    shop.run("CREATE TABLE words (id int, word varchar, at timestamp DEFAULT '2025-01-01')");
  }

  @Test
  void nobodyElseMayCallIt() {
    make("SELECT word, count(*) AS n FROM words GROUP BY word");
    shop.run("DROP ROLE IF EXISTS forger");
    shop.run("CREATE ROLE forger");
    shop.run("GRANT USAGE ON SCHEMA play TO forger");
    try {
      shop.jdbi()
          .useTransaction(handle -> {
            handle.execute("SET LOCAL ROLE forger");
            handle.execute("CREATE TEMP TABLE forged (id int)");
            assertThatThrownBy(() ->
                    handle.execute(
                        "CREATE TRIGGER forged AFTER TRUNCATE ON forged FOR EACH STATEMENT"
                            + " EXECUTE FUNCTION carillon_word_counts_p1_capture('root')"))
                .hasMessageContaining("permission denied");
            handle.rollback();
          });
    } finally {
      shop.run("DROP OWNED BY forger");
      shop.run("DROP ROLE forger");
    }
  }

  @Test
  void aFunctionThatFitsBetterWhichCameLaterIsNotCalled() {
    make("SELECT lower(word) AS word, count(*) AS n FROM words GROUP BY lower(word)");
    shop.run(
        "CREATE FUNCTION lower(varchar) RETURNS text IMMUTABLE LANGUAGE sql AS $$ SELECT 'mine' $$");

    shop.run("INSERT INTO words VALUES (1, 'ONE')");

    assertThat(shop.lines("SELECT word FROM word_counts")).containsExactly("one");
    assertSound();
  }

  @Test
  void aTimeThatIsReadOnceIsTheSameForEveryWriter() {
    make(
        "SELECT word, count(*) FILTER (WHERE at >= CAST('now' AS timestamp)) AS n FROM words GROUP BY word");

    shop.run("INSERT INTO words VALUES (1, 'one', CAST(clock_timestamp() AS timestamp))");

    assertSound();
    assertThat(shop.lines("SELECT n::text FROM word_counts")).containsExactly("1");
  }

  @Test
  void aTextMeansTheSameHoweverTheWriterReadsTimesAndBackslashes() {
    make(
        "SELECT word = 'a\\nb' AS odd, at < timestamp '2025-02-01' AS early,"
            + " at - interval '-1 day 02:00:00' AS later, count(*) AS n FROM words"
            + " GROUP BY word = 'a\\nb', at < timestamp '2025-02-01', at - interval '-1 day 02:00:00'");

    shop.run(
        "CREATE FUNCTION other_ways() RETURNS void LANGUAGE plpgsql"
            + " SET standard_conforming_strings = off SET DateStyle = 'SQL, DMY'"
            + " SET IntervalStyle = 'sql_standard' AS $$ BEGIN"
            + " INSERT INTO words VALUES (1, E'a\\\\nb'), (2, E'a\\nb'); END $$");
    shop.run("SELECT other_ways()");

    assertSound();
    assertThat(shop.count("SELECT n FROM word_counts WHERE odd")).isEqualTo(1);
  }

  @Test
  void whatIsQuotedIsNoPartOfTheText() {
    make(
        "SELECT word <> '$carillon_capture$' AND word <> '\n   FROM play.words words\n  WHERE $1 ? :x'"
            + " AS \"k 1\", count(*) AS n FROM words AS \"The \"\" one\""
            + " GROUP BY word <> '$carillon_capture$' AND word <> '\n   FROM play.words words\n  WHERE $1 ? :x'");

    shop.run("INSERT INTO words VALUES (1, 'one'), (2, '$carillon_capture$')");
    shop.run("UPDATE words SET word = 'two'");

    assertSound();
    assertThat(shop.lines("SELECT n::text FROM word_counts")).containsExactly("2");
  }

  @Test
  void aTableMayBeCalledAnythingAndHavePartitions() {
    shop.run("CREATE SCHEMA \"Odd \"\"one\"");
    shop.run(
        "CREATE TABLE \"Odd \"\"one\".\"It's \"\" from\" (\"order\" int, \"k 1\" text, \"new\" int)"
            + " PARTITION BY RANGE (\"order\")");
    shop.run(
        "CREATE TABLE \"Odd \"\"one\".part PARTITION OF \"Odd \"\"one\".\"It's \"\" from\""
            + " FOR VALUES FROM (0) TO (100)");
    make(
        "SELECT \"k 1\", sum(\"new\") AS total, count(*) AS n"
            + " FROM \"Odd \"\"one\".\"It's \"\" from\" GROUP BY \"k 1\"");

    shop.run("INSERT INTO \"Odd \"\"one\".\"It's \"\" from\" VALUES (1, 'a', 2), (2, 'b', 3)");
    shop.run("UPDATE \"Odd \"\"one\".part SET \"new\" = 10 WHERE \"order\" = 2");
    shop.run("DELETE FROM \"Odd \"\"one\".\"It's \"\" from\" WHERE \"order\" = 1");

    assertSound();
    assertThat(shop.lines("SELECT total::text FROM word_counts")).containsExactly("10");
    shop.ledger().drop(VIEW);
  }

  private void make(String query) {
    shop.ledger().create(VIEW, Shop.query(query));
  }

  private void assertSound() {
    assertThat(shop.ledger().audit(VIEW).mismatches()).isZero();
    assertThat(shop.ledger().state(VIEW).exact()).isTrue();
  }
}
