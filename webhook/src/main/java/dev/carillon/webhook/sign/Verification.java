package dev.carillon.webhook.sign;

/** What a message's signature is worth. */
public sealed interface Verification {

  /** The message is from who has the key, is as it was sent, and was sent just now. */
  record Valid() implements Verification {}

  /**
   * The message must not be believed.
   *
   * @param reason what is wrong, for people; it repeats no secret and no part of the body
   */
  record Invalid(String reason) implements Verification {}
}
