package dev.carillon.server.schedule.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.server.settings.InvalidSettings;
import dev.carillon.server.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqlStatementsFileTest {

  @TempDir private Path folder;

  @Test
  void withoutAFileNoStatementIsAllowed() {
    assertThat(SqlStatementsFile.read(Settings.from(Map.of())).names()).isEmpty();
  }

  @Test
  void aFileListsWhatIsAllowed() throws IOException {
    assertThat(SqlStatementsFile.read(settings("-- name: tidy\nDELETE FROM draft")).names())
        .containsExactly("tidy");
  }

  @Test
  void aFileThatCannotBeReadIsNamed() throws IOException {
    Settings broken = settings("-- name: tidy\nDROP TABLE draft");
    Settings missing = Settings.from(Map.of("SQL_STATEMENTS_FILE", folder + "/none.sql"));

    assertThatThrownBy(() -> SqlStatementsFile.read(broken))
        .isInstanceOf(InvalidSettings.class)
        .hasMessageContaining("SQL_STATEMENTS_FILE: " + folder)
        .hasMessageContaining("begins with 'DROP'");
    assertThatThrownBy(() -> SqlStatementsFile.read(missing))
        .isInstanceOf(InvalidSettings.class)
        .hasMessageContaining("none.sql cannot be read");
  }

  private Settings settings(String statements) throws IOException {
    Path file = Files.writeString(folder.resolve("statements.sql"), statements);
    return Settings.from(Map.of("SQL_STATEMENTS_FILE", file.toString()));
  }
}
