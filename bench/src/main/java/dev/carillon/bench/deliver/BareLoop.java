package dev.carillon.bench.deliver;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.management.OperatingSystemMXBean;
import dev.carillon.webhook.delivery.WebhookTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/**
 * What the machine can do: Apache HttpClient 5, without anything that its minimal form leaves out,
 * posts the same payload with the same headers from a number of virtual threads.
 *
 * @param receiver where everything goes
 * @param answers when the receiver answers
 * @param threads how many
 */
record BareLoop(ReceiverProcess receiver, Answers answers, int threads) {

  private static final byte[] PAYLOAD =
      """
      {"type":"BIRTHDAY","timestamp":"2027-06-15T09:00:00Z","data":{\
      "event_id":"0199c0de-0000-7000-8000-000000000000","user_id":"0199c0de-0000-7000-8000-000000000000",\
      "first_name":"Ada","last_name":"Lovelace","message":"Hey, Ada Lovelace it's your birthday",\
      "year":2027,"local_time":"2027-06-15T09:00:00","time_zone":"UTC",\
      "idempotency_key":"BIRTHDAY:0199c0de-0000-7000-8000-000000000000:2027"}}\
      """
          .getBytes(UTF_8);

  private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
  private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

  /**
   * What it did.
   *
   * @param answers when the receiver answered
   * @param threads how many threads
   * @param round its number, from 1
   * @param perSecond requests a second
   * @param clientCpu processor seconds of this process for a thousand requests
   * @param receiverCpu processor seconds of the receiver for a thousand requests
   * @param lost how many messages did not arrive
   */
  record Result(
      Answers answers,
      int threads,
      int round,
      double perSecond,
      double clientCpu,
      double receiverCpu,
      long lost) {}

  /** Posts so many messages. */
  Result once(int count, int round) throws InterruptedException {
    receiver.take();
    PoolingHttpClientConnectionManager pool =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setMaxConnTotal(threads)
            .setMaxConnPerRoute(threads)
            .build();
    try (CloseableHttpClient client = HttpClients.createMinimal(pool)) {
      double own = ownCpuSeconds();
      double its = receiver.cpuSeconds();
      long start = System.nanoTime();
      post(client, count);
      double seconds = (System.nanoTime() - start) / NANOS;
      double thousands = count / 1e3;
      return new Result(
          answers,
          threads,
          round,
          count / seconds,
          (ownCpuSeconds() - own) / thousands,
          (receiver.cpuSeconds() - its) / thousands,
          count - receiver.take().stream().map(Arrival::event).distinct().count());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void post(CloseableHttpClient client, int count) throws InterruptedException {
    AtomicInteger left = new AtomicInteger(count);
    Callable<Integer> loop =
        () -> {
          int posted = 0;
          while (left.getAndDecrement() > 0) {
            posted += client.execute(request(), BareLoop::accepted);
          }
          return posted;
        };
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      executor.invokeAll(Collections.nCopies(threads, loop)).forEach(Future::resultNow);
    }
  }

  private static int accepted(ClassicHttpResponse response) throws IOException {
    EntityUtils.consume(response.getEntity());
    return 1;
  }

  private HttpPost request() {
    Instant now = InstantSource.system().instant();
    HttpPost post = new HttpPost(receiver.url(answers));
    post.setHeader("user-agent", WebhookTarget.USER_AGENT);
    post.setHeader("content-type", "application/json");
    post.setHeader(WebhookTarget.ID_HEADER, "evt_" + UUID.randomUUID());
    post.setHeader(WebhookTarget.TIMESTAMP_HEADER, Long.toString(now.getEpochSecond()));
    post.setHeader(WebhookTarget.SIGNATURE_HEADER, SIGNATURE);
    post.setHeader(WebhookTarget.ATTEMPT_HEADER, "1");
    post.setHeader(WebhookTarget.EVENT_TYPE_HEADER, "BIRTHDAY");
    post.setEntity(new ByteArrayEntity(PAYLOAD, null));
    return post;
  }

  private static double ownCpuSeconds() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return system.getProcessCpuTime() / NANOS;
  }
}
