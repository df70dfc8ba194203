package dev.carillon.webhook.endpoint;

import dev.carillon.webhook.http.ClientTls;
import dev.carillon.webhook.sign.SigningKey;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What only an endpoint and its sender know.
 *
 * @param keys the keys that sign now, the current one first
 * @param tls how the endpoint is spoken to over TLS; null if as the system does
 * @param until when the first of the keys runs out: these secrets hold until then or until the
 *     endpoint's revision changes; null if none does
 */
public record Secrets(List<SigningKey> keys, @Nullable ClientTls tls, @Nullable Instant until) {

  public Secrets {
    keys = List.copyOf(keys);
  }

  @Override
  public String toString() {
    return "Secrets[hidden]";
  }
}
