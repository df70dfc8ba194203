package dev.carillon.webhook.http;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What a receiver answered, as far as it matters.
 *
 * @param status the HTTP status code
 * @param retryAfter the {@code Retry-After} header as it was sent; null if there was none
 * @param body the first part of the body; empty if there was none or it could not be read
 */
public record WebhookResponse(int status, @Nullable String retryAfter, String body) {

  public WebhookResponse {
    requireNonNull(body, "body is null");
  }
}
