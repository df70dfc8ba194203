package dev.carillon.webhook.http;

/** What became of a request. */
public sealed interface Exchanged {

  /** How long its parts took. */
  Timings timings();

  /** The head of a response came, whatever became of its body. */
  record Answered(WebhookResponse response, Timings timings) implements Exchanged {}

  /**
   * No response came. The receiver may have got the request all the same.
   *
   * @param fault whose fault it is
   * @param reason why, in our own words: it holds nothing of the request but, where the fault is
   *     {@link Fault#REFUSED}, the address that was refused
   */
  record Unanswered(Fault fault, String reason, Timings timings) implements Exchanged {}
}
