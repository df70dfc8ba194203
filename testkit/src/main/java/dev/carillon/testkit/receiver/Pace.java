package dev.carillon.testkit.receiver;

import java.time.Duration;

/** When and how fast an answer is sent. Every wait ends when the receiver is closed. */
public sealed interface Pace {

  /** Without delay. */
  record AtOnce() implements Pace {}

  /**
   * All of it after a wait.
   *
   * @param delay how long the sender hears nothing
   */
  record After(Duration delay) implements Pace {}

  /** Not before the receiver is closed. */
  record Never() implements Pace {}

  /**
   * The head at once and the body byte by byte.
   *
   * @param gap the wait before each byte
   */
  record Dripping(Duration gap) implements Pace {}
}
