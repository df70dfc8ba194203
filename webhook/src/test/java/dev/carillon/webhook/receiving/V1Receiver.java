package dev.carillon.webhook.receiving;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import java.util.List;
import java.util.Map;

record V1Receiver(String secret) {

  /** Throws unless the message is genuine; the body is the text that arrived, untouched. */
  void verify(Map<String, List<String>> headers, String body)
      throws EmptyWebhookSecretException, WebhookVerificationException {
    new Webhook(secret).verify(body, headers);
  }
}
