package dev.carillon.refresh.clash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.refresh.request.Priority;
import dev.carillon.refresh.request.RecordKey;
import dev.carillon.refresh.request.RefreshRequest;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WarTest {

  private static final RecordKey KEY = new RecordKey(ClashSource.NAME, "war", "#2PP");
  private static final Instant START = Instant.parse("2026-11-22T08:00:00Z");
  private static final Instant END = Instant.parse("2026-11-23T08:00:00Z");

  @Test
  void aPreparedWarIsLookedAtWhenItsBattleBegins() {
    War war = war(War.PREPARATION);
    assertThat(war.nextLook(START.minus(Duration.ofHours(5)))).contains(START);
    Instant late = START.plusSeconds(10);
    assertThat(war.nextLook(late)).contains(late.plus(War.RESULT_LOOK));
  }

  @Test
  void aFoughtWarIsLookedAtBeforeItEndsAndForItsResult() {
    War war = war(War.IN_WAR);
    assertThat(war.nextLook(START)).contains(END.minus(War.LAST_LOOK));
    assertThat(war.nextLook(END.minus(War.LAST_LOOK))).contains(END.plus(War.RESULT_LOOK));
  }

  @Test
  void aWarThatTheApiDoesNotEndIsGivenUpInTheEnd() {
    War war = war(War.IN_WAR);
    Instant late = END.plus(Duration.ofMinutes(10));
    assertThat(war.nextLook(late)).contains(late.plus(War.RESULT_LOOK));
    assertThat(war.nextLook(END.plus(War.GIVEN_UP))).isEmpty();
  }

  @Test
  void aWarThatIsOverAsksForItsClanOnly() {
    Instant now = END.plusSeconds(5);
    RecordKey clan = new RecordKey(ClashSource.NAME, "clan", "#2PP");
    assertThat(war(War.ENDED).followUps(KEY, now, now))
        .containsExactly(new RefreshRequest(clan, Priority.CRITICAL, now));
  }

  @Test
  void nobodyLooksBeforeTheApiHasNews() {
    Instant freshUntil = END.plus(Duration.ofMinutes(3));
    assertThat(war(War.IN_WAR).followUps(KEY, END, freshUntil).getLast().requestedAt())
        .isEqualTo(freshUntil);
  }

  @Test
  void otherStatesHaveNoWar() {
    ObjectNode none = JsonNodeFactory.instance.objectNode().put("state", "inMatchmaking");
    War war = War.read(none).orElseThrow();
    assertThat(war.isOne()).isFalse();
    assertThat(war.followUps(KEY, START, START)).isEmpty();
  }

  @Test
  void aWarWithoutItsTimesOrAStateIsNone() {
    assertThat(War.read(body(War.IN_WAR).put("endTime", "tomorrow"))).isEmpty();
    assertThat(War.read(body(War.IN_WAR).without("preparationStartTime"))).isEmpty();
    assertThat(War.read(body("in war!"))).isEmpty();
    assertThat(War.read(JsonNodeFactory.instance.objectNode())).isEmpty();
  }

  private static War war(String state) {
    return War.read(body(state)).orElseThrow();
  }

  private static ObjectNode body(String state) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("state", state)
        .put("preparationStartTime", "20261121T090000.000Z")
        .put("startTime", "20261122T080000.000Z")
        .put("endTime", "20261123T080000Z");
  }
}
