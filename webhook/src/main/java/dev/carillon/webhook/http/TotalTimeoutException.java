package dev.carillon.webhook.http;

import java.io.IOException;

/** An attempt was given up because it took as long as it may. */
final class TotalTimeoutException extends IOException {
  private static final long serialVersionUID = 1L;
}
