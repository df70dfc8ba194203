package dev.carillon.webhook.receiving;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.standardwebhooks.exceptions.WebhookVerificationException;
import dev.carillon.webhook.sign.SignatureKind;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The snippets in Java, by the official library and by the JDK alone. */
class JavaReceiverTest extends ReceiverContract {

  @Override
  String verdict(SignatureKind kind, String key, Message message) throws Exception {
    try {
      switch (kind) {
        case V1 -> new V1Receiver(key).verify(lists(message.headers()), message.body());
        case V1A -> new V1aReceiver(key).verify(message::header, message.body().getBytes(UTF_8));
      }
      return "accepted " + message.body();
    } catch (WebhookVerificationException | GeneralSecurityException e) {
      return "refused " + e.getMessage();
    }
  }

  private static Map<String, List<String>> lists(Map<String, String> headers) {
    return headers.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, header -> List.of(header.getValue())));
  }
}
