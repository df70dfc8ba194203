package dev.carillon.webhook.address;

/** Whether an address may be dialled. */
public sealed interface Verdict {

  /** It may. */
  record Allowed() implements Verdict {}

  /** It may not. */
  record Refused(String reason) implements Verdict {}
}
