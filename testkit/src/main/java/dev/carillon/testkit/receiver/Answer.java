package dev.carillon.testkit.receiver;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.Map;

/**
 * What the receiver says to a delivery, and how fast.
 *
 * @param status the HTTP status code, 200 to 999
 * @param headers the headers beside those that HTTP itself needs
 * @param body the body, sent as UTF-8; may be empty
 * @param pace when and how fast it is sent
 */
public record Answer(int status, Map<String, String> headers, String body, Pace pace) {

  public Answer {
    headers = Map.copyOf(headers);
    requireNonNull(body, "body is null");
    requireNonNull(pace, "pace is null");
    if (status < 200 || status > 999) {
      throw new IllegalArgumentException("status is %d: 200 to 999 are allowed".formatted(status));
    }
  }

  /** 204 at once: the delivery is accepted. */
  public static Answer accepted() {
    return status(204);
  }

  /** A status without headers and body, at once. */
  public static Answer status(int status) {
    return new Answer(status, Map.of(), "", new Pace.AtOnce());
  }

  /** This answer with one more header. */
  public Answer withHeader(String name, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(name, value);
    return new Answer(status, more, body, pace);
  }

  /** This answer with another body. */
  public Answer withBody(String text) {
    return new Answer(status, headers, text, pace);
  }

  /** This answer at another pace. */
  public Answer withPace(Pace other) {
    return new Answer(status, headers, body, other);
  }

  /** Whether it says that the delivery was accepted: a 2xx. */
  public boolean accepts() {
    return status / 100 == 2;
  }
}
