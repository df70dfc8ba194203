package dev.carillon.webhook.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TallyTest {

  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

  @Test
  void failuresInARowCountFromTheLastSuccess() {
    Tally tally = tally(failed(null), new Result.Succeeded(), failed(null), failed(null));

    assertThat(tally.succeeded()).isEqualTo(1);
    assertThat(tally.failed()).isEqualTo(3);
    assertThat(tally.failedInRow()).isEqualTo(2);
  }

  @Test
  void whatIsNotTheEndpointsFaultIsNotCounted() {
    Tally tally = tally(failed(null), new Result.NotCharged());

    assertThat(tally).isEqualTo(tally(failed(null)));
    assertThat(tally(new Result.NotCharged()).isEmpty()).isTrue();
    assertThat(tally(new Result.Succeeded()).isEmpty()).isFalse();
    assertThat(tally.isEmpty()).isFalse();
  }

  @Test
  void theLatestTimeAskedForStays() {
    Tally tally = tally(failed(NOW.plusSeconds(9)), failed(NOW), failed(null));

    assertThat(tally.askedUntil()).isEqualTo(NOW.plusSeconds(9));
  }

  @Test
  void goneStaysGone() {
    Tally tally = tally(new Result.Failed("410", null, true), new Result.Succeeded());

    assertThat(tally.gone()).isTrue();
    assertThat(Tally.NONE.then(tally).gone()).isTrue();
    assertThat(tally.then(Tally.NONE).gone()).isTrue();
  }

  @Test
  void aCauseIsCutAndCanBeStored() {
    Result.Failed failed = new Result.Failed("a\0b" + "x".repeat(1_000), null, false);

    assertThat(failed.cause()).startsWith("a?bx").hasSize(Result.Failed.MAX_CAUSE_LENGTH);
  }

  /** Whatever is told in two parts says the same as told in one. */
  @Test
  void partsAddUp() {
    Random random = new Random(7);
    for (int round = 0; round < 500; round++) {
      List<Result> results = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        results.add(random(random));
      }
      int cut = random.nextInt(9);

      Tally first = tally(results.subList(0, cut).toArray(Result[]::new));
      Tally second = tally(results.subList(cut, 8).toArray(Result[]::new));

      assertThat(first.then(second)).isEqualTo(tally(results.toArray(Result[]::new)));
    }
  }

  private static Result random(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> new Result.Succeeded();
      case 1 -> new Result.NotCharged();
      case 2 -> failed(NOW.plusSeconds(random.nextInt(9)));
      default -> new Result.Failed("cause " + random.nextInt(9), null, random.nextInt(9) == 0);
    };
  }

  private static Tally tally(Result... results) {
    Tally tally = Tally.NONE;
    for (Result result : results) {
      tally = tally.with(result);
    }
    return tally;
  }

  private static Result failed(@Nullable Instant askedUntil) {
    return new Result.Failed("status 503", askedUntil, false);
  }
}
