package dev.carillon.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bucket4j.TimeMeter;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntranceRulesTest {

  @Nested
  class Throttling {

    private final AtomicLong nanos = new AtomicLong();
    private final Throttle throttle = new Throttle(10, 20, meter());

    @Test
    void aBurstPassesAndThenTheRate() {
      assertThat(passed(100)).isEqualTo(20);
      nanos.addAndGet(Duration.ofMillis(500).toNanos());
      assertThat(passed(100)).isEqualTo(5);
      assertThat(throttle.admit("/v1/user")).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void healthAndMetricsAlwaysPass() {
      passed(100);

      assertThat(throttle.admit("/health")).isZero();
      assertThat(throttle.admit("/metrics")).isZero();
    }

    private long passed(int requests) {
      return IntStream.range(0, requests).filter(_ -> throttle.admit("/v1/user").isZero()).count();
    }

    private TimeMeter meter() {
      return new TimeMeter() {
        @Override
        public long currentTimeNanos() {
          return nanos.get();
        }

        @Override
        public boolean isWallClockBased() {
          return false;
        }
      };
    }
  }

  @Nested
  class RequestIdentities {

    @Test
    void aSaneOneIsKept() {
      assertThat(RequestIds.of("Root=1-5759e988-bd862e3fe1be46a994272793"))
          .isEqualTo("Root=1-5759e988-bd862e3fe1be46a994272793");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\nb", "a\"b", "{}", "\u00e9", "\u001b[31m"})
    void anythingElseIsReplaced(String id) {
      assertThat(RequestIds.of(id)).hasSize(36);
      assertThat(RequestIds.of(null)).hasSize(36);
      assertThat(RequestIds.of("x".repeat(129))).hasSize(36);
    }
  }

  @Nested
  class OriginsAndHosts {

    @Test
    void onlyListedOriginsAndTheServersOwnPass() {
      Origins origins = new Origins(List.of("https://a.example"), false);

      assertThat(origins.refusal("https://a.example", "api.example")).isEmpty();
      assertThat(origins.refusal("https://api.example", "api.example")).isEmpty();
      assertThat(origins.refusal(null, "api.example")).isEmpty();
      assertThat(origins.refusal("https://b.example", "api.example")).isPresent();
    }

    @Test
    void withoutAListOriginsAreLeftToTheBrowser() {
      assertThat(new Origins(List.of(), false).refusal("https://b.example", "api")).isEmpty();
    }

    @Test
    void withoutAuthenticationAPageOfAnotherOriginIsRefused() {
      Origins origins = new Origins(List.of("https://a.example"), true);

      assertThat(origins.refusal(null, "localhost:8080")).isEmpty();
      assertThat(origins.refusal("http://localhost:8080", "localhost:8080")).isEmpty();
      assertThat(origins.refusal("https://a.example", "localhost:8080")).isEmpty();
      assertThat(
              List.of("https://b.example", "null", "http://localhost:9090", "x://localhost:8080"))
          .allSatisfy(origin ->
              assertThat(origins.refusal(origin, "localhost:8080"))
                  .hasValueSatisfying(problem -> assertThat(problem.status()).isEqualTo(403)));
      assertThat(new Origins(List.of(), true).refusal("https://b.example", "localhost"))
          .isPresent();
    }

    @Test
    void withoutAuthenticationTheHostMustBeLoopback() {
      Origins origins = new Origins(List.of(), true);

      assertThat(List.of("localhost:8080", "127.0.0.1", "[::1]:80"))
          .allSatisfy(host -> assertThat(origins.refusal(null, host)).isEmpty());
      assertThat(List.of("evil.example", "127.0.0.1.evil.example", ""))
          .allSatisfy(host -> assertThat(origins.refusal(null, host)).isPresent());
      assertThat(origins.refusal(null, null)).isPresent();
    }
  }

  @Test
  void aConsoleThatStallsHoldsNobodyUp() {
    CountDownLatch stalled = new CountDownLatch(1);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AccessLog log =
        new AccessLog(
            new FilterOutputStream(out) {
              @Override
              public void write(byte[] bytes, int from, int length) throws IOException {
                try {
                  stalled.await();
                } catch (InterruptedException e) {
                  throw new InterruptedIOException();
                }
                out.write(bytes, from, length);
              }
            });

    int requests = 3 * AccessLog.MAX_WAITING;
    IntStream.range(0, requests).forEach(i -> log.line(Json.object().put("n", i)));
    stalled.countDown();
    log.close();

    assertThat(log.dropped()).isPositive();
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .hasSize(requests - (int) log.dropped());
  }

  @Test
  void everyLineIsWrittenBeforeTheLogCloses() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AccessLog log = new AccessLog(out);
    IntStream.range(0, 5_000).forEach(i -> log.line(Json.object().put("n", i)));
    log.close();

    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .hasSize(5_000)
        .startsWith("{\"n\":0}", "{\"n\":1}")
        .endsWith("{\"n\":4999}");
  }

  @Test
  void onlyAContentTypeThatSaysJsonIsJson() {
    assertThat(List.of("application/json", "Application/JSON; charset=utf-8"))
        .allSatisfy(type -> assertThat(MediaTypes.isAllowed(type, "/v1/user")).isTrue());
    assertThat(List.of("", "text/plain", "application/jsonp", "text/plain;application/json"))
        .allSatisfy(type -> assertThat(MediaTypes.isAllowed(type, "/v1/user")).isFalse());
    assertThat(MediaTypes.isAllowed(null, "/v1/user")).isFalse();
  }

  @Test
  void aProblemNamesItsKindToPeopleAndPrograms() {
    Problem problem = Problem.invalid("first_name", "must be a text");

    assertThat(new String(problem.json("/v1/user", "r1"), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"type\":\"urn:carillon:problem:invalid-fields\",\"title\":\"Invalid fields\","
                + "\"status\":400,\"detail\":\"first_name must be a text\","
                + "\"instance\":\"/v1/user\",\"request_id\":\"r1\","
                + "\"errors\":[{\"field\":\"first_name\",\"detail\":\"must be a text\"}]}");
  }

  @Test
  void aSuccessIsNoProblem() {
    assertThatThrownBy(() -> Problem.of(200, "fine")).isInstanceOf(IllegalArgumentException.class);
  }
}
