package dev.carillon.webhook.http;

/** Whose fault it is that a request was not answered. */
public enum Fault {
  /** The receiver's: it is charged to the endpoint. */
  ENDPOINT,

  /** Our resolver's, proxy's, network's or connection pool's: not charged to the endpoint. */
  OURS,

  /** The address is not allowed: nothing was sent, and nothing will be until someone changes it. */
  REFUSED
}
