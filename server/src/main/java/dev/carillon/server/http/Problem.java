package dev.carillon.server.http;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/**
 * What went wrong with a request: a problem document of RFC 9457.
 *
 * @param status the HTTP status
 * @param title what kind of problem it is: the same words every time
 * @param detail what happened this time
 * @param errors the fields that are wrong, if any
 */
public record Problem(int status, String title, String detail, List<FieldError> errors) {

  /** The media type. */
  public static final String MEDIA_TYPE = "application/problem+json";

  private static final String TYPE_PREFIX = "urn:carillon:problem:";

  public Problem {
    requireNonNull(title, "title is null");
    requireNonNull(detail, "detail is null");
    errors = List.copyOf(errors);
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException("a problem's status is from 400 to 599, not " + status);
    }
  }

  /** A problem that no field is to blame for. */
  public static Problem of(int status, String detail) {
    return new Problem(status, title(status), detail, List.of());
  }

  /** Fields of the request are wrong. */
  public static Problem invalid(List<FieldError> errors) {
    String detail =
        errors.size() == 1 ? errors.getFirst().sentence() : errors.size() + " fields are wrong";
    return new Problem(400, "Invalid fields", detail, errors);
  }

  /** One field of the request is wrong. */
  public static Problem invalid(String field, String detail) {
    return invalid(List.of(new FieldError(field, detail)));
  }

  /** Names the kind of problem to programs. */
  public String type() {
    return TYPE_PREFIX + title.toLowerCase(Locale.ROOT).replace(' ', '-');
  }

  /**
   * The document.
   *
   * @param instance the path of the request
   * @param requestId finds the request's log lines
   */
  public byte[] json(String instance, String requestId) {
    ObjectNode document =
        Json.object()
            .put("type", type())
            .put("title", title)
            .put("status", status)
            .put("detail", detail)
            .put("instance", instance)
            .put("request_id", requestId);
    if (!errors.isEmpty()) {
      ArrayNode array = document.putArray("errors");
      for (FieldError error : errors) {
        ObjectNode entry =
            array.addObject().put("field", error.field()).put("detail", error.detail());
        if (error.column() != null) {
          entry.put("column", error.column());
        }
      }
    }
    return Json.bytes(document);
  }

  private static String title(int status) {
    return switch (status) {
      case 400 -> "Bad request";
      case 401 -> "Not authenticated";
      case 403 -> "Not allowed";
      case 404 -> "Not found";
      case 405 -> "Method not allowed";
      case 406 -> "Not acceptable";
      case 409 -> "Conflict";
      case 412 -> "Precondition failed";
      case 413 -> "Body too large";
      case 415 -> "Unsupported media type";
      case 422 -> "Not possible";
      case 429 -> "Too many requests";
      case 502 -> "Bad gateway";
      case 503 -> "Unavailable";
      case 504 -> "Not cached";
      default -> status < 500 ? "Bad request" : "Internal error";
    };
  }
}
