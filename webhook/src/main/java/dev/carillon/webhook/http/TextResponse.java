package dev.carillon.webhook.http;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What a source answered to a GET.
 *
 * @param status the HTTP status code
 * @param location the {@code Location} header as it was sent; null if there was none
 * @param text the whole body of a 2xx; of any other status it is not read, and empty
 */
public record TextResponse(int status, @Nullable String location, String text) {

  public TextResponse {
    requireNonNull(text, "text is null");
  }

  /** Does not repeat what may be secret. */
  @Override
  public String toString() {
    return "TextResponse[status=%d, %d characters]".formatted(status, text.length());
  }
}
