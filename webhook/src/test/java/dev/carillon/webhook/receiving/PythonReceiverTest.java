package dev.carillon.webhook.receiving;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.carillon.webhook.sign.SignatureKind;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;

/**
 * The snippets in Python, by its standard library and by cryptography. Where Python 3.9 or that
 * library are not there the tests that need them are skipped.
 */
class PythonReceiverTest extends ReceiverContract {

  private static final Path FOLDER = Path.of("src", "test", "python");

  private static boolean hasCryptography;

  private final Script script = new Script(List.of("python3", "run.py"), FOLDER);

  @BeforeAll
  static void requirePython() throws Exception {
    assumeTrue(Script.onPath("python3").isPresent(), "Python is not installed");
    assumeTrue(
        prints("import sys; print(sys.version_info >= (3, 9))").equals("True"),
        "Python is older than 3.9");
    hasCryptography =
        prints("import importlib.util as u; print(u.find_spec('cryptography') is not None)")
            .equals("True");
  }

  @Override
  String verdict(SignatureKind kind, String key, Message message) throws Exception {
    assumeTrue(
        kind == SignatureKind.V1 || hasCryptography,
        "Python's cryptography is not installed: apt-get install python3-cryptography");
    return script.verdict(kind, key, message);
  }

  private static String prints(String program) throws Exception {
    return new Script(List.of("python3", "-c", program), FOLDER).run("".getBytes(UTF_8));
  }
}
