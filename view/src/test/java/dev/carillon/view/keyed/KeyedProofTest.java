package dev.carillon.view.keyed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.view.PostgresVersion;
import dev.carillon.view.Storm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** In every snapshot views differ from their queries in recorded keys only; the proof can fail. */
@ParameterizedClass
@EnumSource(PostgresVersion.class)
class KeyedProofTest {

  private final Yard yard;

  KeyedProofTest(PostgresVersion version) {
    yard = Yard.withoutViews(version);
    yard.fill();
    yard.createAll();
  }

  @Test
  void onlyRecordedKeysDifferAtEveryLookDuringWritesWorkReSyncsAndKills() throws Exception {
    Storm storm =
        Storm.over(new Stormy(yard))
            .beside(Stormy::work)
            .beside(Stormy::work)
            .beside(Stormy::resync)
            .beside(Stormy::look);

    Storm.Tally tally = storm.blow(Storm.LENGTH);

    assertThat(tally.worst()).as("seed %d, %s", storm.seed(), tally).isZero();
    yard.assertKept();
    assertThat(yard.isExact()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"insert", "update", "delete"})
  void aMissingTriggerIsCaughtByTheSameLooks(String trigger) throws Exception {
    yard.run("DROP TRIGGER carillon_item_groups_k1_%s ON item".formatted(trigger));

    Storm storm = Storm.gentle(new Stormy(yard)).beside(Stormy::work);

    assertThat(storm.blowUntilFound().worst()).as("seed %d", storm.seed()).isPositive();
  }

  @Test
  void workByTheOrderOfASequenceIsCaughtByTheSameLooks() throws Exception {
    Storm storm = Storm.gentle(new Stormy(yard)).beside(Stormy.workBySequence(yard));

    assertThat(storm.blowUntilFound().worst()).as("seed %d", storm.seed()).isPositive();
  }
}
