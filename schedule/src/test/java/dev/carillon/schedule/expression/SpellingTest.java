package dev.carillon.schedule.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.time.GapPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpellingTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shift_forward",
        "shift-forward",
        "shift forward",
        "SHIFT_FORWARD",
        "Shift-Forward ",
      })
  void capitalsHyphensAndSpacesAreRead(String text) {
    assertThat(Spelling.read(GapPolicy.class, text)).contains(GapPolicy.SHIFT_FORWARD);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "shift", "shiftforward", "shift_forward_", "s\u212aip"})
  void otherTextsSpellNothing(String text) {
    assertThat(Spelling.read(GapPolicy.class, text)).isEmpty();
  }

  @Test
  void whatIsWrittenIsInSmallLetters() {
    assertThat(Spelling.of(GapPolicy.END_OF_GAP)).isEqualTo("end_of_gap");
    assertThat(Spelling.allowed(GapPolicy.class))
        .isEqualTo("one of shift_forward, end_of_gap, skip");
  }
}
