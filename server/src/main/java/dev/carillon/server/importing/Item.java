package dev.carillon.server.importing;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What became of one schedule of a file. */
public sealed interface Item {

  /** Where it is in the file, for people. */
  String where();

  /**
   * It can be made.
   *
   * @param body what {@code POST /v1/schedules} is asked for
   * @param notes what is different from before, for people
   */
  record Ready(String where, ObjectNode body, List<String> notes) implements Item {
    public Ready {
      requireNonNull(where, "where is null");
      body = body.deepCopy();
      notes = List.copyOf(notes);
    }

    /** A copy: what was read cannot be changed from outside. */
    @Override
    public ObjectNode body() {
      return body.deepCopy();
    }
  }

  /**
   * It cannot.
   *
   * @param reason why, for people
   */
  record Refused(String where, String reason) implements Item {
    public Refused {
      requireNonNull(where, "where is null");
      requireNonNull(reason, "reason is null");
    }
  }
}
