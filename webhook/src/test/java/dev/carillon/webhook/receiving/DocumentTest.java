package dev.carillon.webhook.receiving;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/receiving.md shows the very files that the other tests here run. */
class DocumentTest {

  private static final Path DOCUMENT = Path.of("..", "docs", "receiving.md");
  private static final Path JAVA = Path.of("src/test/java/dev/carillon/webhook/receiving");
  private static final Path NODE = Path.of("src/test/node");
  private static final Path PYTHON = Path.of("src/test/python");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```(java|js|python)\\n(.*?)^```$");
  private static final Pattern PACKAGE = Pattern.compile("^package .*;\\n\\n");

  @Test
  void everySnippetIsAFileThatRuns() throws IOException {
    List<String> files =
        Stream.of(
                JAVA.resolve("V1Receiver.java"),
                NODE.resolve("v1.js"),
                PYTHON.resolve("v1.py"),
                JAVA.resolve("V1aReceiver.java"),
                NODE.resolve("v1a.js"),
                PYTHON.resolve("v1a.py"))
            .map(DocumentTest::shown)
            .toList();
    assertThat(snippets()).containsExactlyElementsOf(files);
  }

  private static List<String> snippets() throws IOException {
    return BLOCK
        .matcher(Files.readString(DOCUMENT))
        .results()
        .map((MatchResult block) -> block.group(2))
        .toList();
  }

  private static String shown(Path file) {
    try {
      return PACKAGE.matcher(Files.readString(file)).replaceFirst("");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
