package dev.carillon.webhook.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.webhook.address.Verdict;
import dev.carillon.webhook.endpoint.StatusPolicy;
import dev.carillon.webhook.http.Exchanged;
import dev.carillon.webhook.http.Fault;
import dev.carillon.webhook.http.Timings;
import dev.carillon.webhook.http.WebhookResponse;
import dev.carillon.webhook.traffic.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseRulesTest {

  private static final Instant NOW = Instant.parse("2026-11-22T09:00:00Z");
  private static final Timings TIMINGS = new Timings(null, null, null, null, Duration.ofMillis(1));

  /** A {@code Retry-After} header, and the wait that it asks for. */
  record Asked(@Nullable String header, @Nullable Duration least) {

    static Stream<Asked> all() {
      return FORMS
          .lines()
          .map(line -> line.split(" \\| ", 2))
          .map(parts ->
              new Asked(
                  parts[1].equals("absent") ? null : parts[1],
                  parts[0].strip().equals("-") ? null : Duration.parse(parts[0].strip())));
    }

    @Nullable Instant until() {
      return least == null ? null : NOW.plus(least);
    }
  }

  // What is no number of seconds and no date of RFC 9110 asks for nothing.
  private static final String FORMS =
      """
      -             | absent
      PT0S          | 0
      PT1S          | 1
      PT2M          | 120
      PT2M          |   120\s\s
      PT2M          | 00120
      PT1.5S        | 1.5
      PT0.000000001S | 0.0000000001
      PT8784H       | 31622401
      PT8784H       | 99999999999999999999999999999999
      PT1M30S       | Sun, 22 Nov 2026 09:01:30 GMT
      PT216H        | Tue, 1 Dec 2026 09:00:00 GMT
      PT216H        | Tue, 01 Dec 2026 09:00:00 GMT
      PT0S          | Sun, 22 Nov 2026 09:00:00 GMT
      -             | Sun, 22 Nov 2026 08:59:59 GMT
      -             | Sun, 06 Nov 1994 08:49:37 GMT
      PT8784H       | Fri, 31 Dec 9999 23:59:59 GMT
      PT1M30S       | Sunday, 22-Nov-26 09:01:30 GMT
      -             | Sunday, 22-Nov-26 08:59:59 GMT
      -             | Sunday, 06-Nov-94 08:49:37 GMT
      PT1M30S       | Sun Nov 22 09:01:30 2026
      PT216H        | Tue Dec  1 09:00:00 2026
      -             | Sun Nov 22 08:59:59 2026
      -             | Sun Nov  6 08:49:37 1994
      -             | Mon, 22 Nov 2026 09:01:30 GMT
      -             | Sun, 32 Nov 2026 09:01:30 GMT
      -             | 2026-11-22T09:01:30Z
      -             | soon
      -             |\s
      -             | -1
      -             | -0.5
      -             | +5
      -             | 1e3
      -             | 0x10
      -             | .5
      -             | 5.
      -             | 5 s
      -             | 5, 10
      -             | NaN
      -             | Infinity
      -             | \u0663
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # statuses | carillon | standard-webhooks
          100 101 102 103 199         | AGAIN | AGAIN
          200 201 202 204 206 226 299 | DONE  | DONE
          300 301 302 303 304 305 307 308 399 | NEVER | AGAIN
          400 401 402 403 404 405 406 407 409 411 412 413 414 415 418 421 422 423 424 426 428 431 451 499 | NEVER | AGAIN
          408 425 429                 | AGAIN | AGAIN
          410                         | GONE  | GONE
          500 501 502 503 504 505 507 508 511 520 529 599 | AGAIN | AGAIN
          0 99 600 601 700 999        | AGAIN | AGAIN
          """)
  void theStatusDecidesByThePolicyAndRetryAfterDelaysWhatIsTriedAgain(
      String statuses, Kind carillon, Kind standardWebhooks) {
    for (String status : statuses.split(" ")) {
      Asked.all()
          .forEach(asked -> {
            assertJudged(Integer.parseInt(status), asked, StatusPolicy.CARILLON, carillon);
            assertJudged(
                Integer.parseInt(status), asked, StatusPolicy.STANDARD_WEBHOOKS, standardWebhooks);
          });
    }
  }

  enum Kind {
    DONE,
    AGAIN,
    NEVER,
    GONE;

    Judgement of(String reason, Asked asked) {
      return switch (this) {
        case DONE -> new Judgement.Done();
        case AGAIN ->
            new Judgement.Again(
                reason, asked.least(), new Result.Failed(reason, asked.until(), false));
        case NEVER -> new Judgement.Never(reason, new Result.Failed(reason, null, false));
        case GONE -> new Judgement.Never(reason, new Result.Failed(reason, null, true));
      };
    }
  }

  private static void assertJudged(int status, Asked asked, StatusPolicy policy, Kind kind) {
    String redirect = status / 100 == 3 ? ", a redirect, which is never followed" : "";
    assertThat(judged(new WebhookResponse(status, asked.header(), ""), policy))
        .as("%s %s %s", status, asked, policy)
        .isEqualTo(kind.of("HTTP " + status + redirect, asked));
  }

  @ParameterizedTest
  @EnumSource
  void everyStatusIsJudged(StatusPolicy policy) {
    assertThat(IntStream.rangeClosed(0, 999).boxed())
        .allSatisfy(status ->
            assertThat(judged(new WebhookResponse(status, "5", "x"), policy)).isNotNull());
  }

  @ParameterizedTest
  @CsvSource({"429", "503"})
  void aBusyEndpointIsLeftAloneUntilWhenItAsks(int status) {
    assertThat(judged(new WebhookResponse(status, "90", ""), StatusPolicy.CARILLON).result())
        .isEqualTo(new Result.Failed("HTTP " + status, NOW.plusSeconds(90), false));
  }

  @Test
  void aWaitIsNeverShorterThanToTheAskedDateWhateverTheFractionOfNow() {
    Instant fraction = NOW.plusNanos(999_999_999);
    assertThat(RetryAfter.parse("Sun, 22 Nov 2026 09:00:01 GMT", fraction))
        .isEqualTo(Duration.ofNanos(1));
  }

  @Test
  void aHeaderLongerThanAnySensibleOneIsIgnored() {
    assertThat(RetryAfter.parse("1".repeat(65), NOW)).isNull();
    assertThat(RetryAfter.parse("1".repeat(64), NOW)).isEqualTo(RetryAfter.LONGEST);
  }

  @Nested
  class WithoutAnAnswer {

    @ParameterizedTest
    @EnumSource
    void theEndpointsFaultIsTriedAgainAndCharged(StatusPolicy policy) {
      assertThat(unanswered(Fault.ENDPOINT, "connection refused", policy))
          .isEqualTo(
              new Judgement.Again(
                  "connection refused",
                  null,
                  new Result.Failed("connection refused", null, false)));
    }

    @ParameterizedTest
    @EnumSource
    void ourOwnFaultIsNoTryAndNotCharged(StatusPolicy policy) {
      Judgement judgement = unanswered(Fault.OURS, "our name resolver failed", policy);
      assertThat(judgement).isEqualTo(new Judgement.NotTried("our name resolver failed"));
      assertThat(judgement.result()).isEqualTo(new Result.NotCharged());
    }

    @ParameterizedTest
    @EnumSource
    void aRefusedAddressIsFinalAndNobodyIsToldWhich(StatusPolicy policy) {
      assertThat(unanswered(Fault.REFUSED, "10.0.0.7 is private use (10.0.0.0/8)", policy))
          .isEqualTo(
              new Judgement.Never(
                  Verdict.GENERIC_REASON, new Result.Failed(Verdict.GENERIC_REASON, null, false)));
    }

    private static Judgement unanswered(Fault fault, String reason, StatusPolicy policy) {
      return ResponseRules.judge(new Exchanged.Unanswered(fault, reason, TIMINGS), policy, NOW);
    }
  }

  @Nested
  class TheReason {

    @Test
    void hasTheStatusAndTheBody() {
      assertThat(reason("{\"error\":\"no such user\"}"))
          .isEqualTo("HTTP 400: {\"error\":\"no such user\"}");
    }

    @Test
    void isOneLineWithoutControlCharacters() {
      assertThat(reason("\u0000 a\r\nb\tc\u001b[31m\u202ed\u2028e\u0085f "))
          .isEqualTo("HTTP 400: a b c [31m d e f");
    }

    @ParameterizedTest
    @ValueSource(ints = {199, 200, 201, 4096})
    void hasAtMost200CharactersOfTheBody(int length) {
      assertThat(reason("x".repeat(length)))
          .isEqualTo("HTTP 400: " + "x".repeat(Math.min(200, length)));
    }

    @Test
    void neverCutsACharacterInHalf() {
      assertThat(reason("x".repeat(199) + "🎂🎂")).isEqualTo("HTTP 400: " + "x".repeat(199));
      assertThat(reason("x".repeat(198) + "🎂🎂")).isEqualTo("HTTP 400: " + "x".repeat(198) + "🎂");
    }

    @Test
    void isTheSameForTheEventAndForTheEndpoint() {
      assertThat(judged(new WebhookResponse(500, null, "out of\ncheese"), StatusPolicy.CARILLON))
          .isEqualTo(
              new Judgement.Again(
                  "HTTP 500: out of cheese",
                  null,
                  new Result.Failed("HTTP 500: out of cheese", null, false)));
    }

    private static String reason(String body) {
      Judgement judgement = judged(new WebhookResponse(400, null, body), StatusPolicy.CARILLON);
      return ((Judgement.Never) judgement).reason();
    }
  }

  private static Judgement judged(WebhookResponse response, StatusPolicy policy) {
    return ResponseRules.judge(new Exchanged.Answered(response, TIMINGS), policy, NOW);
  }
}
