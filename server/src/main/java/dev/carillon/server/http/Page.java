package dev.carillon.server.http;

import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list: one more was read than fits, to know whether more follow.
 *
 * @param items what is on the page
 * @param nextCursor where the next page begins; null if this is the last
 */
public record Page<T>(List<T> items, @Nullable UUID nextCursor) {

  public Page {
    items = List.copyOf(items);
  }

  /**
   * Cuts a page.
   *
   * @param read up to {@code limit + 1} items
   */
  public static <T> Page<T> of(List<T> read, int limit, Function<T, UUID> id) {
    return read.size() <= limit
        ? new Page<>(read, null)
        : new Page<>(read.subList(0, limit), id.apply(read.get(limit - 1)));
  }

  /** Whether another page follows. */
  public boolean hasMore() {
    return nextCursor != null;
  }
}
