package dev.carillon.bench.next;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AgreementTest {

  private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

  @ParameterizedTest
  @EnumSource
  void everyContenderAgreesOnAnEasyExpression(Contender contender) {
    Agreement agreement = Agreement.of(new Case("0 9 ? * MON-FRI *", NEW_YORK), contender);

    assertThat(agreement).isEqualTo(new Agreement(0, ""));
    assertThat(agreement.isTimed()).isTrue();
  }

  @Test
  void whoCannotReadAnExpressionIsNotTimed() {
    Agreement agreement =
        Agreement.of(new Case("0 0 1 1 ? 2027", ZoneId.of("UTC")), Contender.SPRING);

    assertThat(agreement.differing()).isEqualTo(Case.STARTS);
    assertThat(agreement.isTimed()).isFalse();
  }

  @Test
  void whoAnswersOtherwiseIsNotTimed() {
    Agreement agreement = Agreement.of(new Case("0 12 31W * ? *", NEW_YORK), Contender.SPRING);

    assertThat(agreement.example()).contains("Carillon");
    assertThat(agreement.isTimed()).isFalse();
  }
}
