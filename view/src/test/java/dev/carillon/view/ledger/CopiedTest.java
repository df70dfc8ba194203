package dev.carillon.view.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A database that was copied or restored has its views, and they go on. */
class CopiedTest {

  /** Where {@code pg_dump} and {@code psql} of PostgreSQL 15 are: they do not come as a library. */
  private static final Path TOOLS = Path.of(System.getProperty("postgres15.tools", "/usr/bin"));

  private static final int MINUTES = 2;

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(Version.class)
  void aCopyOfADatabaseIsExactAndGoesOn(Version version) {
    Shop original = filled(version);
    String name = "copy_" + System.nanoTime();
    Shop outside = Shop.at(at(original, "postgres"));
    original.close();
    outside.run("CREATE DATABASE %s TEMPLATE %s".formatted(name, database(original)));
    outside.close();

    Shop copy = Shop.at(at(original, name));
    try {
      copy.assertExact();
      assertThat(copy.ledger().state(Shop.VIEW).exact()).isTrue();
      goOn(copy);
    } finally {
      copy.close();
    }
  }

  @Test
  void aRestoredDumpIsLabelledUntilItWasLookedAtAndGoesOn() throws Exception {
    assumeThat(version("pg_dump") + version("psql")).contains("pg_dump (PostgreSQL) 15", "psql");
    Shop original = filled(Version.POSTGRES_15);
    String name = "restored_" + System.nanoTime();
    original.run("CREATE DATABASE " + name);
    Path dump = folder.resolve("dump.sql");
    run("pg_dump", "-f", dump.toString(), plainUrl(original, database(original)));
    run("psql", "-q", "-v", "ON_ERROR_STOP=1", "-f", dump.toString(), plainUrl(original, name));
    original.close();

    Shop restored = Shop.at(at(original, name));
    try {
      restored.assertExact();
      assertThat(restored.ledger().state(Shop.VIEW).exact()).isFalse();
      restored.run("UPDATE item SET job = 5 WHERE id < 10");
      restored.assertExact();
      assertThat(restored.ledger().coverage(Shop.VIEW).exact()).isTrue();
      goOn(restored);
    } finally {
      restored.close();
    }
  }

  private static Shop filled(Version version) {
    Shop shop = Shop.withoutView(version.newDatabase());
    shop.run("INSERT INTO item (id, job, size) SELECT g, g % 9, g FROM generate_series(1, 500) g");
    shop.create();
    shop.run("UPDATE item SET job = 3 WHERE id < 50");
    shop.ledger().fold(Shop.VIEW);
    shop.run("DELETE FROM item WHERE id > 400");
    return shop;
  }

  private static void goOn(Shop shop) {
    shop.run("DELETE FROM item WHERE id % 3 = 0");
    shop.assertExactAndFoldable();
    assertThat(shop.ledger().state(Shop.VIEW).exact()).isTrue();
    shop.ledger().drop(Shop.VIEW);
    shop.create();
    shop.assertExact();
  }

  private static String database(Shop shop) {
    return shop.url().replaceFirst(".*/(\\w+)\\?.*", "$1");
  }

  private static String at(Shop shop, String database) {
    return shop.url()
        .replaceFirst("/\\w+\\?", "/" + database + "?")
        .replace("&currentSchema=play,public", "");
  }

  private static String plainUrl(Shop shop, String database) {
    return at(shop, database).replace("jdbc:", "");
  }

  private static String version(String tool) throws IOException, InterruptedException {
    return Files.isExecutable(TOOLS.resolve(tool)) ? output(tool, "--version") : "";
  }

  private static void run(String... command) throws IOException, InterruptedException {
    output(command);
  }

  private static String output(String... command) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(command));
    all.set(0, TOOLS.resolve(command[0]).toString());
    Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }
}
