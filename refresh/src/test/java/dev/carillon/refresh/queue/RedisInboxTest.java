package dev.carillon.refresh.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.refresh.TestRedis;
import dev.carillon.refresh.queue.RedisInbox.Moved;
import dev.carillon.refresh.queue.RefreshQueue.Taken;
import dev.carillon.refresh.request.Priority;
import dev.carillon.refresh.request.RecordKey;
import dev.carillon.refresh.request.RefreshRequest;
import dev.carillon.refresh.request.Urgency;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.UnifiedJedis;

@Timeout(60)
class RedisInboxTest {

  private final UnifiedJedis redis = TestRedis.shared().open();
  private final String prefix = TestRedis.newPrefix();
  private final String list = prefix + ":inbox";
  private final RedisRefreshQueue queue = new RedisRefreshQueue(redis, prefix);
  private final RedisInbox inbox = new RedisInbox(redis, queue, list, RedisInboxTest::key);

  @AfterEach
  void close() {
    redis.close();
  }

  @Test
  void itemsAreMovedIntoTheQueueInTheirOrder() {
    redis.rpush(
        list,
        "{\"type\":\"clan\",\"tag\":\"#B\"}",
        "{\"type\":\"clan\",\"tag\":\"#A\",\"unknown\":[1]}",
        "{\"type\":\"player\",\"tag\":\"#A\",\"priority\":\"critical\"}",
        "{\"type\":\"clan\",\"tag\":\"#B\"}");

    assertThat(inbox.move(RefreshQueueContract.NOW)).isEqualTo(new Moved(3, 0, 1, 0));

    assertThat(inbox.size()).isZero();
    assertThat(queue.take(RefreshQueueContract.SOURCE, 10, RefreshQueueContract.NOW))
        .extracting(Taken::request)
        .containsExactly(
            new RefreshRequest(
                new RecordKey(RefreshQueueContract.SOURCE, "player", "#A"),
                Priority.CRITICAL,
                RefreshQueueContract.NOW),
            RefreshQueueContract.request("#B", Priority.MEDIUM, RefreshQueueContract.NOW),
            RefreshQueueContract.request("#A", Priority.MEDIUM, RefreshQueueContract.NOW));
  }

  @Test
  void aLongListIsMovedBatchByBatch() {
    for (int i = 0; i < 700; i++) {
      redis.rpush(list, item("#" + i));
    }

    assertThat(inbox.move(RefreshQueueContract.NOW)).isEqualTo(new Moved(500, 0, 0, 0));
    assertThat(inbox.move(RefreshQueueContract.NOW)).isEqualTo(new Moved(200, 0, 0, 0));
    assertThat(inbox.move(RefreshQueueContract.NOW).items()).isZero();
    assertThat(
            RefreshQueueContract.tags(
                queue.take(RefreshQueueContract.SOURCE, 1_000, RefreshQueueContract.NOW)))
        .isEqualTo(IntStream.range(0, 700).mapToObj(n -> "#" + n).toList());
  }

  @Test
  void itemsGoToTheirSources() {
    redis.rpush(list, item("#A"), "{\"source\":\"other\",\"type\":\"clan\",\"tag\":\"#A\"}");

    inbox.move(RefreshQueueContract.NOW);

    assertThat(queue.take("other", 10, RefreshQueueContract.NOW)).hasSize(1);
    assertThat(queue.take(RefreshQueueContract.SOURCE, 10, RefreshQueueContract.NOW)).hasSize(1);
  }

  @Test
  void anItemThatSaysNoPriorityIsAsUrgentAsItsKind() {
    RedisInbox.Keys kinds =
        new RedisInbox.Keys() {
          @Override
          public RecordKey key(@Nullable String source, String type, String tag) {
            return RedisInboxTest.key(source, type, tag);
          }

          @Override
          public Urgency urgency() {
            return key -> key.type().equals("clan") ? Priority.HIGH : Priority.LOW;
          }
        };
    redis.rpush(list, item("#A"), "{\"type\":\"clan\",\"tag\":\"#B\",\"priority\":null}");

    new RedisInbox(redis, queue, list, kinds).move(RefreshQueueContract.NOW);

    assertThat(queue.state(RefreshQueueContract.SOURCE, RefreshQueueContract.NOW).waiting())
        .isEqualTo(Map.of(Priority.HIGH, 2L));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "oops                                            | it is no JSON",
        "{\"type\":\"clan\",\"tag\":\"#A\"} x            | it is no JSON",
        "[1]                                             | it is no JSON object",
        "{\"tag\":\"#A\"}                                | type is missing",
        "{\"type\":\"clan\",\"tag\":null}                | tag is missing",
        "{\"type\":\"clan\",\"tag\":7}                   | tag must be text",
        "{\"type\":\"ship\",\"tag\":\"#A\"}              | there is no type ship",
        "{\"type\":\"clan\",\"tag\":\"#A\",\"priority\":4} "
            + "| priority must be critical, high, medium or low, or a number from 0 to 3",
      })
  void anItemThatCannotBeReadIsADeadLetterWithTheReason(String item, String reason)
      throws Exception {
    redis.rpush(list, item, item("#A"));

    assertThat(inbox.move(RefreshQueueContract.NOW)).isEqualTo(new Moved(1, 0, 0, 1));

    JsonNode letter = new ObjectMapper().readTree(redis.lindex(list + ":dead", 0));
    assertThat(letter.path("item").asText()).isEqualTo(item);
    assertThat(letter.path("reason").asText()).isEqualTo(reason);
    assertThat(letter.path("at").asText()).isEqualTo(RefreshQueueContract.NOW.toString());
    assertThat(redis.llen(list)).isZero();
  }

  @Test
  void aHugeItemIsADeadLetterOfItsBeginning() throws Exception {
    redis.rpush(list, "x".repeat(5_000_000));

    assertThat(inbox.move(RefreshQueueContract.NOW)).isEqualTo(new Moved(0, 0, 0, 1));

    JsonNode letter = new ObjectMapper().readTree(redis.lindex(list + ":dead", 0));
    assertThat(letter.path("item").asText()).hasSize(4_096);
    assertThat(letter.path("reason").asText()).isEqualTo("it is longer than 4096 bytes");
  }

  @Test
  void anItemThatIsNotUtf8IsADeadLetterAndHoldsNothingUp() throws Exception {
    redis.rpush(
        list.getBytes(StandardCharsets.UTF_8), new byte[] {'{', '"', (byte) 0xC3, (byte) 0x28});
    redis.rpush(list, item("#A"));

    assertThat(inbox.move(RefreshQueueContract.NOW)).isEqualTo(new Moved(1, 0, 0, 1));

    JsonNode letter = new ObjectMapper().readTree(redis.lindex(list + ":dead", 0));
    assertThat(letter.path("item").asText()).isEqualTo("{\"\uFFFD(");
    assertThat(letter.path("reason").asText()).isEqualTo("it is no UTF-8");
    assertThat(redis.llen(list)).isZero();
  }

  @Test
  void theNewestDeadLettersAreKept() {
    for (int i = 0; i < 21; i++) {
      redis.rpush(list, Collections.nCopies(500, "oops" + i).toArray(String[]::new));
      inbox.move(RefreshQueueContract.NOW);
    }

    assertThat(redis.llen(list + ":dead")).isEqualTo(RedisInbox.MOST_DEAD);
    assertThat(redis.lindex(list + ":dead", 0)).contains("oops20");
    assertThat(redis.lindex(list + ":dead", -1)).contains("oops1\"");
  }

  @Test
  void manyMoversMoveEveryItemOnce() throws Exception {
    int all = 5_000;
    for (int i = 0; i < all; i += 1_000) {
      redis.rpush(
          list, IntStream.range(i, i + 1_000).mapToObj(n -> item("#" + n)).toArray(String[]::new));
    }
    Callable<Integer> mover =
        () -> {
          int moved = 0;
          while (inbox.size() > 0) {
            moved += inbox.move(RefreshQueueContract.NOW).items();
          }
          return moved;
        };
    List<Integer> moved = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Integer> future : threads.invokeAll(Collections.nCopies(4, mover))) {
        moved.add(future.get());
      }
    }

    assertThat(moved.stream().mapToInt(Integer::intValue).sum()).isEqualTo(all);
    assertThat(queue.state(RefreshQueueContract.SOURCE, RefreshQueueContract.NOW).size())
        .isEqualTo(all);
  }

  private static String item(String tag) {
    return "{\"type\":\"clan\",\"tag\":\"" + tag + "\"}";
  }

  private static RecordKey key(@Nullable String source, String type, String tag) {
    if (!List.of("clan", "player").contains(type)) {
      throw new IllegalArgumentException("there is no type " + type);
    }
    return new RecordKey(source == null ? RefreshQueueContract.SOURCE : source, type, tag);
  }
}
