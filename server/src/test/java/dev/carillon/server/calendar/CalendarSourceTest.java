package dev.carillon.server.calendar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.server.IcsServer;
import dev.carillon.server.calendar.CalendarAnswer.Failed;
import dev.carillon.server.calendar.CalendarAnswer.NotAllowed;
import dev.carillon.server.calendar.CalendarAnswer.Read;
import dev.carillon.webhook.address.AddressPolicy;
import dev.carillon.webhook.address.NameResolver;
import dev.carillon.webhook.http.ClientConfig;
import dev.carillon.webhook.http.WebhookClient;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CalendarSourceTest {

  private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");

  private final IcsServer server = IcsServer.open();
  private final CalendarSource source = source(AddressPolicy.strict().withLoopback().withHttp());

  private static CalendarSource source(AddressPolicy policy) {
    return new CalendarSource(
        new WebhookClient(
            new ClientConfig(
                Duration.ofSeconds(5), 1, policy, NameResolver.SYSTEM, null, "Test/1")),
        () -> NOW,
        false);
  }

  @AfterEach
  void close() {
    source.close();
    server.close();
  }

  private CalendarAnswer fetch(String path) throws InterruptedException {
    return source.fetch(server.url(path));
  }

  @Test
  void theDatesOfTheTextAreRead() throws Exception {
    server.lists("/h.ics", "20261225", "20270101");
    assertThat(fetch("/h.ics"))
        .isInstanceOfSatisfying(
            Read.class,
            read ->
                assertThat(read.dates().dates())
                    .containsExactly(LocalDate.parse("2026-12-25"), LocalDate.parse("2027-01-01")));
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void threeRedirectsAreFollowedAndNotAFourth(int status) throws Exception {
    server.lists("/4", "20261225");
    for (int i = 0; i < 4; i++) {
      server.redirects("/" + i, status, "/" + (i + 1));
    }
    assertThat(fetch("/1")).isInstanceOf(Read.class);
    assertThat(fetch("/0")).isEqualTo(new Failed("it redirects more than 3 times"));
    assertThat(server.asked()).containsExactly("/1", "/2", "/3", "/4", "/0", "/1", "/2", "/3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/",
        "https://[::ffff:10.0.0.1]/",
        "http://2130706433/",
        "ftp://example.org/",
        "https://user@example.org/"
      })
  void aRedirectIsJudgedLikeTheFirstAddress(String location) throws Exception {
    server.redirects("/inside", 302, location);
    assertThat(fetch("/inside"))
        .isEqualTo(new NotAllowed("leads to an address that is not allowed"));
  }

  @Test
  void anAddressThatIsNotAllowedIsNotAsked() throws Exception {
    server.lists("/h.ics", "20261225");
    try (CalendarSource strict = source(AddressPolicy.strict().withHttp())) {
      assertThat(strict.fetch(server.url("/h.ics")))
          .isEqualTo(new NotAllowed("leads to an address that is not allowed"));
    }
    assertThat(server.asked()).isEmpty();
    assertThat(source.fetch("http://no url")).isEqualTo(new NotAllowed("is no URL"));
  }

  @ParameterizedTest
  @CsvSource({
    "404, it answered with the status 404",
    "500, it answered with the status 500",
    "206, it answered with the status 206",
    "302, it redirects without saying where to"
  })
  void anotherStatusIsTold(int status, String reason) throws Exception {
    server.answers("/h.ics", status, IcsServer.ics("20261225"));
    assertThat(fetch("/h.ics")).isEqualTo(new Failed(reason));
  }

  @Test
  void whatIsNoCalendarIsToldInPlainText() throws Exception {
    server.answers("/page", 200, "<html>");
    server.answers("/bad", 200, IcsServer.ics("2026\u0000"));
    for (String path : new String[] {"/page", "/bad"}) {
      assertThat(fetch(path))
          .isInstanceOfSatisfying(
              Failed.class,
              failed ->
                  assertThat(failed.reason())
                      .startsWith("it is no calendar that can be read: line ")
                      .doesNotContain("\u0000"));
    }
  }

  @Test
  void whatIsTooLargeIsLeft() throws Exception {
    server.answers("/h.ics", 200, "x".repeat(CalendarSource.MAX_BYTES + 1));
    assertThat(fetch("/h.ics")).isEqualTo(new Failed("the response is longer than 1000000 bytes"));
  }
}
