package dev.carillon.webhook.http;

/** What became of a GET. */
public sealed interface Fetched {

  /** A response came, of whatever status; that of a 2xx is whole. */
  record Answered(TextResponse response) implements Fetched {}

  /**
   * No response came, or one that broke off, is too long or is no text.
   *
   * @param fault whose fault it is
   * @param reason why, in our own words: it holds nothing of the request but, where the fault is
   *     {@link Fault#REFUSED}, the address that was refused
   */
  record Unanswered(Fault fault, String reason) implements Fetched {}
}
