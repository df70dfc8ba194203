package dev.carillon.webhook.receiving;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.carillon.webhook.sign.SignatureKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;

/**
 * The snippets in JavaScript, by the official library and by Node's own crypto. Where Node or its
 * packages are not there the test is skipped, unless CARILLON_REQUIRE_NODE is set, as it is in CI.
 */
class NodeReceiverTest extends ReceiverContract {

  private static final Path FOLDER = Path.of("target", "node");

  private final Script script = new Script(List.of("node", "run.js"), FOLDER);

  @BeforeAll
  static void requireNode() {
    require(Script.onPath("node").isPresent(), "Node is not installed: apt-get install nodejs npm");
    require(
        Files.isDirectory(FOLDER.resolve("node_modules").resolve("standardwebhooks")),
        "the build could not install Node's packages: see webhook/target/npm.log");
  }

  @Override
  String verdict(SignatureKind kind, String key, Message message) throws Exception {
    return script.verdict(kind, key, message);
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition && System.getenv("CARILLON_REQUIRE_NODE") != null) {
      throw new IllegalStateException(otherwise);
    }
    assumeTrue(condition, otherwise);
  }
}
