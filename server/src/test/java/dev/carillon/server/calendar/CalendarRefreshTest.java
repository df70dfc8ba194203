package dev.carillon.server.calendar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.memory.SettableClock;
import dev.carillon.postgres.Database;
import dev.carillon.schedule.CalendarFeeds;
import dev.carillon.schedule.Calendars;
import dev.carillon.schedule.Calendars.Calendar;
import dev.carillon.schedule.Calendars.Feed;
import dev.carillon.server.IcsServer;
import dev.carillon.testkit.EmbeddedDatabase;
import dev.carillon.webhook.address.AddressPolicy;
import dev.carillon.webhook.address.NameResolver;
import dev.carillon.webhook.http.ClientConfig;
import dev.carillon.webhook.http.WebhookClient;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class CalendarRefreshTest {

  private static final LocalDate CHRISTMAS = LocalDate.parse("2026-12-25");
  private static final LocalDate NEW_YEAR = LocalDate.parse("2027-01-01");

  private final EmbeddedDatabase postgres = EmbeddedDatabase.forTests();
  private final Database database =
      Database.open(Database.Address.of(postgres.create("calendars")));
  private final SettableClock clock = new SettableClock(Instant.parse("2026-03-10T12:00:00Z"));
  private final AtomicInteger changes = new AtomicInteger();
  private final IcsServer server = IcsServer.open();
  private final CalendarRefresh refresh =
      new CalendarRefresh(
          new CalendarFeeds(database.jdbi(), clock, changes::incrementAndGet),
          new CalendarSource(
              new WebhookClient(
                  new ClientConfig(
                      Duration.ofSeconds(5),
                      1,
                      AddressPolicy.strict().withLoopback().withHttp(),
                      NameResolver.SYSTEM,
                      null,
                      "Test/1")),
              clock,
              true));
  private final Calendars calendars = new Calendars(database.jdbi(), clock, () -> {});

  CalendarRefreshTest() {
    database.migrate();
  }

  @AfterEach
  void close() {
    refresh.close();
    server.close();
    database.close();
    postgres.close();
  }

  private void put(String name, String url) {
    calendars.putFetched(name, Set.of(CHRISTMAS), "url", url);
  }

  private Calendar found(String name) {
    return calendars.find(name).orElseThrow();
  }

  @Test
  void everyCalendarThatIsDueIsFetchedAndOneThatFailsKeepsItsDates() throws Exception {
    Instant start = clock.instant();
    String moves = server.url("/moves");
    String breaks = server.url("/breaks");
    server.lists("/moves", "20270101");
    server.answers("/breaks", 500, "");
    put("moves", moves);
    put("breaks", breaks);
    put("inside", "http://10.0.0.1/");
    refresh.refreshDue();
    assertThat(server.asked()).isEmpty();

    clock.advance(CalendarFeeds.EVERY);
    refresh.refreshDue();

    assertThat(server.asked()).containsExactlyInAnyOrder("/moves", "/breaks");
    assertThat(changes).hasValue(1);
    assertThat(found("moves").dates()).containsExactly(NEW_YEAR);
    assertThat(found("moves").feed()).isEqualTo(new Feed(moves, clock.instant(), null));
    assertThat(found("breaks").dates()).containsExactly(CHRISTMAS);
    assertThat(found("breaks").feed())
        .isEqualTo(new Feed(breaks, start, "it answered with the status 500"));
    assertThat(found("inside").feed())
        .isEqualTo(
            new Feed("http://10.0.0.1/", start, "its url leads to an address that is not allowed"));

    clock.advance(CalendarFeeds.RETRY_AFTER);
    server.lists("/breaks", "20261225");
    refresh.refreshDue();

    assertThat(found("breaks").feed()).isEqualTo(new Feed(breaks, clock.instant(), null));
    assertThat(server.asked()).hasSize(3);
    assertThat(changes).hasValue(1);
  }

  @Test
  void aCalendarThatCannotBeStoredIsNotedAsFailedAndKeepsNoOtherFromIt() throws Exception {
    String many = server.url("/many");
    String one = server.url("/one");
    server.lists("/many", "20270101", "20270102");
    server.lists("/one", "20270101");
    put("many", many);
    clock.advance(Duration.ofSeconds(1));
    put("one", one);
    database
        .jdbi()
        .useHandle(
            handle -> handle.execute("ALTER TABLE calendar ADD CHECK (cardinality(dates) < 2)"));

    clock.advance(CalendarFeeds.EVERY);
    refresh.refreshDue();

    assertThat(found("many").dates()).containsExactly(CHRISTMAS);
    assertThat(found("many").feed())
        .extracting(Feed::lastError)
        .asString()
        .startsWith("it could not be stored: ");
    assertThat(found("one").dates()).containsExactly(NEW_YEAR);
    assertThat(refresh.refresh("many")).containsInstanceOf(CalendarAnswer.Failed.class);
  }
}
