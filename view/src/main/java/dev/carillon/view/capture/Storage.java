package dev.carillon.view.capture;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The room that a view's tables take, and who keeps them from being cleaned.
 *
 * @param keptBytes size of what readers read, with indexes
 * @param waitingBytes size of what was captured
 * @param deadRows rows in both that are gone but still take room
 * @param xminHolder who keeps dead rows from being cleaned away; null if nobody does
 * @param xminAge how many transactions ago that one began
 */
public record Storage(
    long keptBytes, long waitingBytes, long deadRows, @Nullable String xminHolder, long xminAge) {

  private record Holder(@Nullable String name, long age) {}

  /**
   * Looks at two tables.
   *
   * @param kept what readers read, named as in SQL
   * @param waiting what was captured
   */
  public static Storage of(Handle handle, String kept, String waiting) {
    Holder holder =
        handle
            .createQuery(Capture.SQL.get("oldest_xmin"))
            .map((row, _) -> new Holder(row.getString("holder"), row.getLong("age")))
            .findFirst()
            .orElse(new Holder(null, 0));
    return handle
        .createQuery(Capture.SQL.get("sizes"))
        .bind("kept", kept)
        .bind("waiting", waiting)
        .map((row, _) ->
            new Storage(
                row.getLong("kept_bytes"),
                row.getLong("waiting_bytes"),
                row.getLong("kept_dead") + row.getLong("waiting_dead"),
                holder.name(),
                holder.age()))
        .one();
  }
}
