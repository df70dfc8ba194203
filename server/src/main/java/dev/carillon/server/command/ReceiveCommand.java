package dev.carillon.server.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.carillon.server.settings.SecretFile;
import dev.carillon.server.settings.Settings;
import dev.carillon.testkit.receiver.Answer;
import dev.carillon.testkit.receiver.Delivery;
import dev.carillon.testkit.receiver.WebhookReceiver;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code carillon receive}. */
@Command(
    name = "receive",
    mixinStandardHelpOptions = true,
    description =
        "Receive webhooks on 127.0.0.1 and print them, with what their signature is worth: to try "
            + "Carillon out. The secret is WEBHOOK_SECRET, or the one in the data folder.")
final class ReceiveCommand implements Callable<Integer> {

  private static final JsonMapper JSON = new JsonMapper();

  @Mixin private SettingsOptions options = new SettingsOptions();

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "9000",
      description = "listen on this port; 0 for any (default: ${DEFAULT-VALUE})")
  private int port;

  @Override
  public Integer call() throws InterruptedException {
    Settings settings = options.read(System.getenv(), Map.of());
    PrintStream out = System.out;
    try (WebhookReceiver receiver = start(settings)) {
      receiver.answer(delivery -> answer(delivery, out));
      System.err.println("receiving webhooks on " + receiver.url() + " (Ctrl-C ends it)");
      System.err.println("  deliver to it: WEBHOOK_URL=" + receiver.url() + " ./carillon serve");
      Thread.currentThread().join();
    }
    return 0;
  }

  private WebhookReceiver start(Settings settings) {
    List<String> secrets = settings.delivery().webhookSecrets();
    try {
      return WebhookReceiver.start(
          port,
          InstantSource.system(),
          secrets.isEmpty() ? List.of(SecretFile.webhook(settings.data())) : secrets);
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(2, "--port must be from 0 to 65535, not " + port);
    } catch (UncheckedIOException e) {
      throw new CommandFailed(
          1, "cannot listen on 127.0.0.1 port %d: %s".formatted(port, e.getMessage()));
    }
  }

  private static Answer answer(Delivery delivery, PrintStream out) {
    String worth = delivery.signed() ? "signature good" : "SIGNATURE WRONG";
    // A test message is no attempt of an event.
    String attempt = delivery.header("carillon-attempt");
    String late = delivery.header("carillon-late-seconds");
    synchronized (out) {
      out.printf(
          "%s  %s%s  %s%s%n  %s%n",
          delivery.at(),
          delivery.webhookId(),
          attempt == null ? "" : "  attempt " + attempt,
          worth,
          late == null ? "" : "  late by " + late + " s",
          message(delivery.body()));
      out.flush();
    }
    return delivery.signed() ? Answer.accepted() : Answer.status(401);
  }

  /** The message, or the whole body where there is none; never a control character. */
  private static String message(String body) {
    String text = body;
    try {
      JsonNode message = JSON.readTree(body).path("data").path("message");
      text = message.isTextual() ? message.textValue() : body;
    } catch (JsonProcessingException e) {
      // Printed as it came.
    }
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
