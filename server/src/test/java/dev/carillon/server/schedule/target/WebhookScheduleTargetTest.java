package dev.carillon.server.schedule.target;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.event.Event;
import dev.carillon.memory.SettableClock;
import dev.carillon.schedule.Definition;
import dev.carillon.schedule.FiringKind;
import dev.carillon.schedule.RunOrder;
import dev.carillon.schedule.Schedule;
import dev.carillon.schedule.ScheduleState;
import dev.carillon.schedule.TargetChoice;
import dev.carillon.schedule.Timing;
import dev.carillon.schedule.expression.Expression;
import dev.carillon.schedule.expression.Parsed;
import dev.carillon.schedule.running.Run;
import dev.carillon.target.Attempt;
import dev.carillon.target.Outcome;
import dev.carillon.testkit.receiver.Answer;
import dev.carillon.testkit.receiver.Delivery;
import dev.carillon.testkit.receiver.WebhookReceiver;
import dev.carillon.time.Occurrence;
import dev.carillon.webhook.address.AddressPolicy;
import dev.carillon.webhook.address.NameResolver;
import dev.carillon.webhook.delivery.Receiver;
import dev.carillon.webhook.delivery.Receivers;
import dev.carillon.webhook.delivery.WebhookTarget;
import dev.carillon.webhook.http.ClientConfig;
import dev.carillon.webhook.http.WebhookClient;
import dev.carillon.webhook.sign.SigningKey;
import dev.carillon.webhook.traffic.Gate;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WebhookScheduleTargetTest {

  private static final SigningKey KEY = SigningKey.generate();
  private static final Instant NOMINAL = Instant.parse("2026-01-01T08:00:00Z");
  private static final ZoneId PARIS = ZoneId.of("Europe/Paris");
  private static final int SECOND = 2;
  private static final int LATE = 90;

  private final SettableClock clock = new SettableClock(NOMINAL.plusSeconds(LATE));
  private final WebhookReceiver receiver = WebhookReceiver.start(clock, List.of(KEY.secret()));
  private final WebhookClient client =
      new WebhookClient(
          new ClientConfig(
              Duration.ofSeconds(30),
              1,
              AddressPolicy.strict().withLoopback().withHttp(),
              NameResolver.SYSTEM,
              null,
              WebhookTarget.USER_AGENT));
  private final List<@Nullable String> destinations = new ArrayList<>();

  @AfterEach
  void close() {
    client.close();
    receiver.close();
  }

  @Test
  void aRunIsASignedDeliveryLikeAnyOther() throws Exception {
    Run run = run("{\"endpoint\": \"books\"}", "{\"day\": \"2026-01-01\"}");

    assertThat(target(Gate.OPEN).run(run))
        .isInstanceOfSatisfying(
            Outcome.Succeeded.class, done -> assertThat(done.receipt()).isNotNull());
    assertThat(destinations).containsExactly("books");
    Delivery delivery = receiver.deliveries().getFirst();
    assertThat(delivery.signed()).isTrue();
    assertThat(delivery.webhookId()).isEqualTo("evt_" + run.attempt().event().id());
    assertThat(delivery.headers())
        .containsEntry("carillon-event-type", "SCHEDULE")
        .containsEntry("carillon-attempt", "2")
        .containsEntry("carillon-late-seconds", "90");
    assertThat(json(delivery.body()))
        .isEqualTo(
            json(
                """
                {"type": "schedule.fired", "timestamp": "2026-01-01T08:00:00Z", "data": {
                  "schedule_id": "%s", "run_id": "%s", "group": "default", "name": "close-day",
                  "scheduled_time": "2026-01-01T08:00:00Z", "local_time": "2026-01-01T09:00:00",
                  "zone": "Europe/Paris", "kind": "scheduled", "attempt": 2,
                  "input": {"day": "2026-01-01"}}}
                """
                    .formatted(run.schedule().id(), run.attempt().event().id())));
  }

  @Test
  void anInputThatIsNoJsonIsAText() throws Exception {
    target(Gate.OPEN).run(run("{}", "Good morning"));

    assertThat(input()).isEqualTo("\"Good morning\"");
    assertThat(destinations).containsExactly("default");
  }

  @Test
  void withoutAnInputThereIsNone() throws Exception {
    target(Gate.OPEN).run(run("{}", null));

    assertThat(input()).isEqualTo("null");
  }

  @Test
  void whatTheEndpointHasNoRoomForIsHeld() throws Exception {
    Gate closed = _ -> new Gate.Admission.Refused("full");

    assertThat(target(closed).run(run("{}", null)))
        .isInstanceOfSatisfying(
            Outcome.Held.class, held -> assertThat(held.reason()).isEqualTo("full"));
    assertThat(receiver.count()).isZero();
  }

  @Test
  void anEndpointThatFailsIsTriedAgain() throws Exception {
    receiver.answer(_ -> Answer.status(503));

    assertThat(target(Gate.OPEN).run(run("{}", null))).isInstanceOf(Outcome.Retryable.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"endpoint\": \"b-1\"}",
        "{\"endpoint\": \"6F9619FF-8b86-d011-b42d-00c04fc964ff\"}"
      })
  void anEndpointIsNamedOrNot(String settings) {
    assertThat(target(Gate.OPEN).problem(json(settings))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"endpoint\": \"\"}", "{\"endpoint\": 1}", "{\"endpoint\": \"A b\"}"})
  void anEndpointThatCannotBeIsAProblem(String settings) throws Exception {
    assertThat(target(Gate.OPEN).problem(json(settings)))
        .hasValueSatisfying(problem -> assertThat(problem).startsWith("endpoint must be"));
    assertThat(target(Gate.OPEN).run(run(settings, null))).isInstanceOf(Outcome.Rejected.class);
  }

  @Test
  void anotherSettingIsAProblem() {
    assertThat(target(Gate.OPEN).problem(json("{\"url\": \"https://a.example\"}")))
        .contains("url is unknown: allowed: endpoint");
  }

  private WebhookScheduleTarget target(Gate gate) {
    Receivers receivers =
        destination -> {
          destinations.add(destination);
          return Receiver.of(receiver.url(), List.of(KEY));
        };
    return new WebhookScheduleTarget(new WebhookTarget(receivers, gate, client, clock));
  }

  private String input() {
    return json(receiver.deliveries().getFirst().body()).path("data").path("input").toString();
  }

  private static Run run(String settings, @Nullable String input) {
    Expression expression = ((Parsed.Valid) Expression.parse("cron(0 9 * * ? *)")).expression();
    Definition definition =
        Definition.of(
            "close-day",
            Timing.of(expression, PARIS),
            new TargetChoice(WebhookScheduleTarget.KIND, json(settings), input));
    Schedule schedule =
        new Schedule(
            UUID.randomUUID(),
            definition,
            new Schedule.Standing(ScheduleState.ENABLED, "", NOMINAL),
            1,
            NOMINAL,
            NOMINAL,
            NOMINAL);
    Occurrence nominal =
        new Occurrence(LocalDateTime.ofInstant(NOMINAL, PARIS), PARIS, NOMINAL, "2026a");
    RunOrder order = RunOrder.of(schedule, nominal, FiringKind.SCHEDULED);
    Event event = order.event(UUID.randomUUID(), "key", NOMINAL, "2026a");
    Attempt attempt = new Attempt(event, SECOND, NOMINAL.plusSeconds(LATE), event.data());
    return new Run(schedule, order, attempt, input);
  }

  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) JsonMapper.builder().build().readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
