package dev.carillon.webhook.http;

/** What an exchange is at, and whose fault it is if its time runs out there. */
enum Stage {
  POOL("waiting for a free connection", Fault.OURS),
  NAMES("looking up the host name", Fault.OURS),
  CONNECT("connecting", Fault.ENDPOINT),
  PROXY("connecting to the proxy", Fault.OURS),
  TUNNEL("waiting for the proxy to connect", Fault.ENDPOINT),
  TLS("in the TLS handshake", Fault.ENDPOINT),
  RESPONSE("waiting for the response", Fault.ENDPOINT),
  BODY("reading the response", Fault.ENDPOINT);

  private final String doing;
  private final Fault slow;

  Stage(String doing, Fault slow) {
    this.doing = doing;
    this.slow = slow;
  }

  /** As a part of a sentence. */
  String doing() {
    return doing;
  }

  /** Whose fault a time-out is. */
  Fault slow() {
    return slow;
  }
}
