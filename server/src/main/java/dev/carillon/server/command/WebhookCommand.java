package dev.carillon.server.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.server.http.Json;
import dev.carillon.server.settings.TimeSpan;
import dev.carillon.webhook.sign.Ed25519PublicKey;
import dev.carillon.webhook.sign.SignatureKind;
import dev.carillon.webhook.sign.SigningKey;
import dev.carillon.webhook.sign.Verification;
import dev.carillon.webhook.sign.VerifyingKey;
import dev.carillon.webhook.sign.WebhookSigner;
import dev.carillon.webhook.sign.WebhookVerifier;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code carillon webhook}: signatures of Standard Webhooks, to debug receivers by. */
@Command(
    name = "webhook",
    mixinStandardHelpOptions = true,
    description = "Sign and verify webhooks as Standard Webhooks 1.0.0 has it, to debug receivers.",
    synopsisSubcommandLabel = "COMMAND")
final class WebhookCommand implements Runnable {

  /** The largest body, in bytes, and the largest file of secrets. */
  static final int MAX_BODY_BYTES = 16 * 1024 * 1024;

  private static final int MAX_SECRET_FILE_BYTES = 64 * 1024;
  private static final long LATEST_TIMESTAMP = 99_999_999_999L;
  private static final int USAGE = 2;
  private static final int INVALID = 1;
  private static final String SECRET_VARIABLE = "WEBHOOK_SECRET";

  @Spec private @Nullable CommandSpec spec;

  private final Map<String, String> environment;

  WebhookCommand() {
    this(System.getenv());
  }

  WebhookCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Where secrets come from. */
  static final class Secrets {

    @Option(
        names = "--secret",
        paramLabel = "SECRET",
        description = {
          "whsec_... or whsk_...; may be repeated.",
          "Whoever can list processes reads a command line: --secret-file and the variable "
              + SECRET_VARIABLE
              + " are safer"
        })
    private List<String> given = List.of();

    @Option(
        names = "--secret-file",
        paramLabel = "FILE",
        description =
            "read secrets from a file, separated by blanks or line breaks; without --secret and "
                + "--secret-file they are taken from the variable "
                + SECRET_VARIABLE)
    private @Nullable Path file;

    List<String> texts() {
      List<String> texts = new ArrayList<>(given);
      if (file != null) {
        byte[] bytes = WebhookCommand.read(file, "--secret-file", MAX_SECRET_FILE_BYTES);
        texts.addAll(words(new String(bytes, StandardCharsets.UTF_8)));
      }
      return texts;
    }
  }

  /** The message's body. */
  static final class Body {

    @Option(names = "--body", paramLabel = "TEXT", description = "the body")
    private @Nullable String text;

    @Option(
        names = "--body-file",
        paramLabel = "FILE",
        description = "read the body from a file, byte for byte; - for standard input")
    private @Nullable Path file;

    byte[] bytes() {
      if (file != null) {
        return WebhookCommand.read(file, "--body-file", MAX_BODY_BYTES);
      }
      return String.valueOf(text).getBytes(StandardCharsets.UTF_8);
    }
  }

  /** What {@code sign} and {@code verify} both need. */
  static final class Message {

    @Mixin private Secrets secrets = new Secrets();

    @Option(names = "--id", required = true, description = "the webhook-id, such as msg_1")
    private String id = "";

    @ArgGroup(multiplicity = "1")
    private Body body = new Body();

    @Option(names = "--json", description = "print a JSON object")
    private boolean json;
  }

  /** What {@code verify} needs besides. */
  static final class Claim {

    @Option(names = "--public-key", paramLabel = "KEY", description = "whpk_...; may be repeated")
    private List<String> publicKeys = List.of();

    @Option(names = "--timestamp", required = true, description = "the webhook-timestamp header")
    private String timestamp = "";

    @Option(names = "--signature", required = true, description = "the webhook-signature header")
    private String signature = "";

    @Option(
        names = "--tolerance",
        paramLabel = "TIME",
        defaultValue = "5m",
        description = "how old, and how far ahead, a timestamp may be (${DEFAULT-VALUE})")
    private String tolerance = "5m";

    @Option(
        names = "--now",
        paramLabel = "SECONDS",
        description = "the receiver's time, in seconds since 1970 (now)")
    private @Nullable String now;
  }

  @Override
  public void run() {
    throw usage("a command is needed: carillon webhook sign, verify or key");
  }

  @Command(
      name = "sign",
      mixinStandardHelpOptions = true,
      description = "Print the three headers of a signed message; every secret signs.")
  int sign(
      @Mixin Message message,
      @Option(
              names = "--timestamp",
              paramLabel = "SECONDS",
              description = "when it is sent, in seconds since 1970 (now)")
          @Nullable String timestamp) {
    Instant at =
        timestamp == null ? Clock.systemUTC().instant() : instant(timestamp, "--timestamp");
    List<SigningKey> keys = keys(secrets(message), "--secret", SigningKey::parse);
    String signature = signature(message, keys, at);
    ObjectNode headers =
        Json.object()
            .put("webhook-id", message.id)
            .put("webhook-timestamp", Long.toString(at.getEpochSecond()))
            .put("webhook-signature", signature);
    if (message.json) {
      return print(headers.toString());
    }
    headers
        .properties()
        .forEach(header -> print(header.getKey() + ": " + header.getValue().textValue()));
    return 0;
  }

  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      description = "Print whether a message is valid, or why not; the exit code is 0 or 1.")
  int verify(@Mixin Message message, @Mixin Claim claim) {
    Duration tolerance =
        TimeSpan.parse(claim.tolerance)
            .orElseThrow(() -> usage("--tolerance: " + TimeSpan.ALLOWED + " is allowed"));
    InstantSource clock =
        claim.now == null ? Clock.systemUTC() : InstantSource.fixed(instant(claim.now, "--now"));
    WebhookVerifier verifier = verifier(verifyingKeys(message, claim), tolerance, clock);
    Verification verification =
        verifier.verify(message.id, claim.timestamp, claim.signature, message.body.bytes());
    return switch (verification) {
      case Verification.Valid _ -> print(message.json ? "{\"valid\":true}" : "valid");
      case Verification.Invalid(String reason) -> {
        ObjectNode json = Json.object().put("valid", false).put("reason", reason);
        print(message.json ? json.toString() : "invalid: " + reason);
        yield INVALID;
      }
    };
  }

  @Command(
      name = "key",
      mixinStandardHelpOptions = true,
      description =
          "Print a new secret, and below it, for v1a, the public key that receivers need.")
  int key(
      @Option(
              names = "--kind",
              defaultValue = "v1",
              description = "v1 (HMAC, a shared secret) or v1a (Ed25519, a key pair)")
          String kind,
      @Option(names = "--json", description = "print a JSON object") boolean json) {
    SigningKey key =
        SigningKey.generate(
            SignatureKind.named(kind).orElseThrow(() -> usage("--kind: v1 or v1a is allowed")));
    if (json) {
      ObjectNode object = Json.object().put("kind", kind).put("secret", key.secret());
      key.publicKey().ifPresent(text -> object.put("public_key", text));
      return print(object.toString());
    }
    print(key.secret());
    key.publicKey().ifPresent(this::print);
    return 0;
  }

  private static String signature(Message message, List<SigningKey> keys, Instant at) {
    byte[] body = message.body.bytes();
    try {
      return new WebhookSigner(keys).sign(message.id, at, body);
    } catch (IllegalArgumentException e) {
      throw usage("--secret, --id: " + e.getMessage());
    }
  }

  private static WebhookVerifier verifier(
      List<VerifyingKey> keys, Duration tolerance, InstantSource clock) {
    try {
      return new WebhookVerifier(keys, tolerance, clock);
    } catch (IllegalArgumentException e) {
      throw usage("--secret, --public-key: " + e.getMessage());
    }
  }

  private List<VerifyingKey> verifyingKeys(Message message, Claim claim) {
    List<VerifyingKey> keys =
        new ArrayList<>(keys(claim.publicKeys, "--public-key", Ed25519PublicKey::parse));
    List<String> secrets = keys.isEmpty() ? secrets(message) : message.secrets.texts();
    keys.addAll(keys(secrets, "--secret", SigningKey::parse));
    return keys;
  }

  private List<String> secrets(Message message) {
    List<String> texts = message.secrets.texts();
    if (texts.isEmpty()) {
      texts = words(environment.getOrDefault(SECRET_VARIABLE, ""));
    }
    if (texts.isEmpty()) {
      throw usage(
          "--secret, --secret-file or the variable %s is needed".formatted(SECRET_VARIABLE));
    }
    return texts;
  }

  private static <K> List<K> keys(List<String> texts, String flag, Function<String, K> parse) {
    try {
      return texts.stream().map(parse).toList();
    } catch (IllegalArgumentException e) {
      throw usage(flag + ": " + e.getMessage());
    }
  }

  private static Instant instant(String seconds, String flag) {
    try {
      long value = Long.parseLong(seconds);
      if (value >= 0 && value <= LATEST_TIMESTAMP) {
        return Instant.ofEpochSecond(value);
      }
    } catch (NumberFormatException _) {
      // Told below.
    }
    throw usage(flag + ": whole seconds since 1970 are allowed, such as 1614265330");
  }

  private static byte[] read(Path file, String flag, int most) {
    try (InputStream in = file.toString().equals("-") ? System.in : Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(most + 1);
      if (bytes.length > most) {
        throw usage("%s: at most %d bytes are allowed".formatted(flag, most));
      }
      return bytes;
    } catch (IOException e) {
      throw usage(flag + ": cannot read " + file);
    }
  }

  private static List<String> words(String text) {
    return Stream.of(text.split("\\s+")).filter(word -> !word.isEmpty()).toList();
  }

  private int print(String line) {
    if (spec != null) {
      PrintWriter out = spec.commandLine().getOut();
      out.println(line);
      out.flush();
    }
    return 0;
  }

  private static CommandFailed usage(String message) {
    return new CommandFailed(USAGE, message);
  }
}
