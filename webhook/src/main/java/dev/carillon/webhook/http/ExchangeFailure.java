package dev.carillon.webhook.http;

import java.io.IOException;

/** An exchange ended without a response, for a reason and by a fault that are known. */
final class ExchangeFailure extends IOException {
  private static final long serialVersionUID = 1L;

  private final Fault fault;
  private final String reason;

  ExchangeFailure(Fault fault, String reason) {
    super(reason);
    this.fault = fault;
    this.reason = reason;
  }

  Fault fault() {
    return fault;
  }

  String reason() {
    return reason;
  }

  // Thrown for every attempt at an endpoint that is down; nobody reads where from.
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
