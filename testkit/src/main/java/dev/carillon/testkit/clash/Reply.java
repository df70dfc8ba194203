package dev.carillon.testkit.clash;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.HashMap;
import java.util.Map;

/**
 * What the API answers.
 *
 * @param status the HTTP status
 * @param headers the headers beside those that HTTP itself needs
 * @param body the body
 */
record Reply(int status, Map<String, String> headers, String body) {

  private static final String JSON = "application/json; charset=utf-8";

  Reply {
    headers = Map.copyOf(headers);
  }

  static Reply json(int status, String body) {
    return new Reply(status, Map.of("Content-Type", JSON), body);
  }

  static Reply error(int status, String reason, String message) {
    return json(
        status,
        JsonNodeFactory.instance
            .objectNode()
            .put("reason", reason)
            .put("message", message)
            .toString());
  }

  static Reply page(int status, String text) {
    return new Reply(
        status,
        Map.of("Content-Type", "text/html"),
        "<html><head><title>%s</title></head><body>%s</body></html>".formatted(text, text));
  }

  Reply with(String header, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(header, value);
    return new Reply(status, more, body);
  }

  Reply withBody(String other) {
    return new Reply(status, headers, other);
  }
}
