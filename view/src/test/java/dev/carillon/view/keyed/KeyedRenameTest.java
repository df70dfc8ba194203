package dev.carillon.view.keyed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.view.PostgresVersion;
import dev.carillon.view.ViewName;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A name that a capture uses may be changed; its text means one thing and is for nobody else. */
@ParameterizedClass
@EnumSource(PostgresVersion.class)
class KeyedRenameTest {

  private static final ViewName VIEW = new ViewName("made");

  private final Yard yard;

  KeyedRenameTest(PostgresVersion version) {
    yard = Yard.partitioned(version);
    yard.fill();
    yard.workOff();
  }

  @Test
  void aColumnThatIsRenamedHoldsWritersUpUntilTheNextLookOnly() {
    yard.run("ALTER TABLE item RENAME COLUMN job TO task");
    assertThatThrownBy(() -> yard.run("INSERT INTO item (id, task) VALUES (501, 1)"))
        .hasMessageContaining("job");

    assertMended(Yard.JOBS);
    assertMended(Yard.GROUPS);

    yard.run("INSERT INTO item (id, task, at) VALUES (501, 1, '2026-01-01Z')");
    yard.run("UPDATE item SET task = task + 1 WHERE id % 2 = 0");
    assertKept(Yard.JOBS);
    assertKept(Yard.GROUPS);
  }

  @Test
  void anotherColumnOfTheOldNameIsNotTakenForIt() {
    yard.run("ALTER TABLE note RENAME COLUMN job TO task");
    yard.run("ALTER TABLE note ADD COLUMN job int");
    yard.run("INSERT INTO note (id, task, job, body) VALUES (501, 1, 2, 'new')");

    assertMended(Yard.JOBS);

    yard.run("UPDATE note SET body = 'newer', job = 3 WHERE id = 501");
    assertKept(Yard.JOBS);
  }

  @Test
  void theValuesOfATypeMayBeRenamed() {
    yard.run("CREATE TYPE mood AS ENUM ('good', 'bad')");
    yard.run("CREATE TABLE feeling (id int PRIMARY KEY, mood mood)");
    yard.keyed()
        .create(
            VIEW,
            Yard.query(
                "SELECT mood = 'good' AS good, max(id) AS most FROM feeling GROUP BY mood = 'good'"),
            List.of());
    yard.run("INSERT INTO feeling VALUES (1, 'good'), (2, 'bad')");

    yard.run("ALTER TYPE mood RENAME VALUE 'good' TO 'fine'");
    assertMended(VIEW);

    yard.run("INSERT INTO feeling VALUES (3, 'fine')");
    assertKept(VIEW);
  }

  @Test
  void aFunctionThatFitsBetterWhichCameLaterIsNotCalled() {
    yard.run("CREATE TABLE words (id int PRIMARY KEY, word varchar)");
    yard.keyed()
        .create(
            VIEW,
            Yard.query(
                "SELECT lower(word) AS word, max(id) AS most FROM words GROUP BY lower(word)"),
            List.of());
    yard.run(
        "CREATE FUNCTION lower(varchar) RETURNS text IMMUTABLE LANGUAGE sql AS $$ SELECT 'mine' $$");

    yard.run("INSERT INTO words VALUES (1, 'ONE')");

    assertKept(VIEW);
    assertThat(yard.lines("SELECT word FROM made")).containsExactly("one");
  }

  @Test
  void nobodyElseMayCallIt() {
    assertThat(
            yard.lines(
                "SELECT proname FROM pg_proc WHERE proname LIKE 'carillon%capture'"
                    + " AND has_function_privilege('public', oid, 'EXECUTE')"))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE item_2 SET UNLOGGED",
        "ALTER TABLE item_2 ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE item FORCE ROW LEVEL SECURITY"
      })
  void aTableWhoseRowsACrashTakesOrNotEveryoneSeesIsLabelledAndRefused(String change) {
    yard.run(change);

    assertThat(yard.keyed().coverage(Yard.GROUPS).exact()).isFalse();
    assertThat(yard.keyed().obstacles(Yard.query(Yard.GROUPS_QUERY), List.of())).hasSize(1);
  }

  private void assertMended(ViewName view) {
    assertThat(yard.keyed().state(view).exact()).isFalse();
    assertThat(yard.keyed().state(view).reason()).contains("name");
    assertThat(yard.keyed().coverage(view).exact()).isTrue();
    assertThat(yard.keyed().state(view).exact()).isTrue();
  }

  private void assertKept(ViewName view) {
    Worked worked = yard.keyed().work(view);
    while (worked.full()) {
      worked = yard.keyed().work(view);
    }
    assertThat(yard.keyed().state(view).pending()).isZero();
    assertThat(yard.keyed().audit(view).mismatches()).isZero();
    assertThat(yard.keyed().state(view).exact()).isTrue();
  }
}
