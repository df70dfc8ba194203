package dev.carillon.bench.refresh;

import dev.carillon.refresh.clash.ClashSource;
import dev.carillon.refresh.request.Priority;
import dev.carillon.refresh.request.RecordKey;
import dev.carillon.refresh.request.RefreshRequest;
import dev.carillon.testkit.clash.GameWorld;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/** Requests for clans, numbered from 0; neighbours are far from each other in an index of tags. */
final class Clans {

  /** How many there can be: 6 characters of 14 are told apart. */
  static final int MOST = 7_529_536;

  /** Has no factor in common with their number: no two clans are the same. */
  private static final long STRIDE = 3_000_017;

  private Clans() {}

  /** A request for each of some clans, all of one priority. */
  static List<RefreshRequest> requests(int from, int count, Priority priority, Instant now) {
    return IntStream.range(from, from + count)
        .mapToObj(number -> new RefreshRequest(key(number), priority, now))
        .toList();
  }

  private static RecordKey key(int number) {
    String tag = GameWorld.clanTag((int) (number * STRIDE % MOST));
    return new RecordKey(ClashSource.NAME, "clan", tag);
  }
}
