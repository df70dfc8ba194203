package dev.carillon.server.job;

import dev.carillon.server.http.PathIds;
import dev.carillon.server.http.QueryFields;
import dev.carillon.view.job.JobPage.Cursor;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** The place where a page of jobs ended, as a text that callers need not understand. */
final class JobCursor {

  private static final String GAP = " ";

  private JobCursor() {}

  static String text(Cursor cursor) {
    byte[] bytes = (cursor.createdAt() + GAP + cursor.id()).getBytes(StandardCharsets.UTF_8);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** The place that a text means; empty if it is none. */
  static Optional<Cursor> parse(String text) {
    try {
      String[] parts =
          new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split(GAP, -1);
      return parts.length == 2
          ? QueryFields.instantOf(parts[0])
              .flatMap(at -> PathIds.find(parts[1]).map(id -> new Cursor(at, id)))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
