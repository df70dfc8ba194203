package dev.carillon.view.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.view.Storm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** In every snapshot the view is what its query is, whatever happens; and the proof can fail. */
@ParameterizedClass
@EnumSource(Version.class)
class ProofTest {

  private final Shop shop;

  ProofTest(Version version) {
    shop = Shop.withoutView(version);
    shop.run("INSERT INTO item (id, job, size) SELECT g, g % 9, g FROM generate_series(1, 500) g");
    shop.create();
  }

  @Test
  void recomputedEqualsLiveAtEveryLookDuringWritesFoldsReSyncsAndKills() throws Exception {
    Storm storm =
        Storm.over(new Stormy(shop))
            .beside(Stormy::fold)
            .beside(Stormy::fold)
            .beside(Stormy::resync)
            .beside(Stormy::look);

    Storm.Tally tally = storm.blow(Storm.LENGTH);

    assertThat(tally.worst()).as("seed %d, %s", storm.seed(), tally).isZero();
    shop.assertExactAndFoldable();
    assertThat(shop.ledger().state(Shop.VIEW).exact()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"insert", "update", "delete"})
  void aMissingTriggerIsCaughtByTheSameLooks(String trigger) throws Exception {
    shop.run("DROP TRIGGER carillon_item_counts_p1_%s ON item".formatted(trigger));

    Storm storm = Storm.gentle(new Stormy(shop)).beside(Stormy::fold);

    assertThat(storm.blowUntilFound().worst()).as("seed %d", storm.seed()).isPositive();
  }

  @Test
  void aFoldByTheOrderOfASequenceIsCaughtByTheSameLooks() throws Exception {
    Storm storm = Storm.gentle(new Stormy(shop)).beside(Stormy.foldBySequence(shop));

    assertThat(storm.blowUntilFound().worst()).as("seed %d", storm.seed()).isPositive();
    assertThat(shop.ledger().audit(Shop.VIEW).mismatches()).isPositive();
  }
}
