package dev.carillon.schedule.preview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.schedule.preview.PreviewRequest.Bad;
import dev.carillon.schedule.preview.PreviewRequest.Good;
import dev.carillon.time.Occurrence;
import dev.carillon.time.TimeZones;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreviewRequestTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.25Z");

  private static PreviewRequest.Answer read(PreviewRequest request) {
    return request.read(TimeZones.ofJvm(), NOW);
  }

  private static Preview good(PreviewRequest request) {
    return ((Good) read(request)).preview();
  }

  private static PreviewRequest request(
      String expression, @Nullable String zone, @Nullable String dtstart) {
    return new PreviewRequest(expression, zone, null, 2, null, null, dtstart);
  }

  private static List<Preview.Entry> entries(PreviewRequest request) {
    Preview preview = good(request);
    return preview.entries(preview.find().occurrences());
  }

  private static List<String> next(PreviewRequest request) {
    return good(request).find().occurrences().stream()
        .map(Occurrence::instant)
        .map(Instant::toString)
        .toList();
  }

  @Test
  void whatIsLeftOutIsNowAndUtcAndFive() {
    PreviewRequest request =
        new PreviewRequest("cron(0 9 * * ? *)", null, null, null, null, null, null);

    assertThat(next(request)).hasSize(5).startsWith("2026-01-01T09:00:00Z");
  }

  @ParameterizedTest
  @CsvSource({
    "rate(1 hour),              , 2026-01-01T01:00:00Z, 2026-01-01T02:00:00Z",
    "rate(1 hour), 2025-12-31T23:10, 2026-01-01T00:10:00Z, 2026-01-01T01:10:00Z",
    "rate(1 hour), 2026-02-01T00:00:00Z, 2026-02-01T00:00:00Z, 2026-02-01T01:00:00Z",
    "rrule(FREQ=DAILY), 2026-02-01T09:00, 2026-02-01T09:00:00Z, 2026-02-02T09:00:00Z",
    "cron(0 9 * * ? *), 2026-02-01T10:00, 2026-02-02T09:00:00Z, 2026-02-03T09:00:00Z",
  })
  void nothingComesBeforeTheStart(
      String expression, @Nullable String dtstart, String first, String second) {
    assertThat(next(request(expression, null, dtstart))).containsExactly(first, second);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "cron(71 * * * ? *), -, -, 1, -, -, -, 6, Invalid Schedule Expression",
        "-, -, -, 1, -, -, -, 0, expression is required",
        "rate(1 day), Mars/Base, -, 1, -, -, -, 0, zone is Mars/Base",
        "rate(1 day), +02:00, -, 1, -, -, -, 0, zone is",
        "rate(1 day), -, yesterday, 1, -, -, -, 0, after is yesterday",
        "rate(1 day), -, 2026-01-01T00:00:00, 1, -, -, -, 0, after is",
        "rate(1 day), -, +999999-01-01T00:00:00Z, 1, -, -, -, 0, after is",
        "rate(1 day), -, -, 0, -, -, -, 0, count is 0",
        "rate(1 day), -, -, 10001, -, -, -, 0, count is 10001",
        "rate(1 day), -, -, 1, jump, -, -, 0, gap is jump",
        "rate(1 day), -, -, 1, -, third, -, 0, overlap is third",
        "rate(1 day), -, -, 1, -, -, soon, 0, dtstart is soon",
      })
  void aBadFieldIsNamed(
      @Nullable String expression,
      @Nullable String zone,
      @Nullable String after,
      int count,
      @Nullable String gap,
      @Nullable String overlap,
      @Nullable String dtstart,
      int column,
      String error) {
    Bad bad = (Bad) read(new PreviewRequest(expression, zone, after, count, gap, overlap, dtstart));

    assertThat(bad.error()).startsWith(error);
    assertThat(bad.column()).isEqualTo(column);
  }

  @Test
  void whatIsUnusualIsNoted() {
    PreviewRequest gap =
        new PreviewRequest(
            "cron(30 2 * * ? *)",
            "America/New_York",
            "2026-03-07T12:00:00Z",
            2,
            "SHIFT_FORWARD",
            null,
            null);
    assertThat(entries(gap))
        .extracting(Preview.Entry::note)
        .containsExactly("2026-03-08T02:30 does not exist: moved out of a gap", null);

    PreviewRequest overlap =
        new PreviewRequest(
            "cron(30 1 1 11 ? *)",
            "America/New_York",
            "2026-03-07T12:00:00Z",
            2,
            null,
            "both",
            null);
    assertThat(entries(overlap))
        .extracting(Preview.Entry::note)
        .containsExactly("the first of two", "the second of two");
  }

  @Test
  void aPreviewIsBounded() {
    Preview preview = good(request("rate(1 day)", null, null));

    assertThatThrownBy(
            () -> new Preview(preview.expression(), preview.context(), NOW, Preview.MAX_COUNT + 1))
        .hasMessageContaining("from 1 to 10000");
  }
}
