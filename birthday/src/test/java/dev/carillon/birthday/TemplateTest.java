package dev.carillon.birthday;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {

  private static final String KNOWN =
      "{first_name}, {last_name}, {date_of_birth}, {age}, {years}, {year}, {date} are known,"
          + " {{ and }} are braces";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Hey, {first_name} {last_name}! | Hey, <FIRST_NAME> <LAST_NAME>!",
        "{age}{years}{year}             | <AGE><YEARS><YEAR>",
        "{date_of_birth} / {date}       | <DATE_OF_BIRTH> / <DATE>",
        "no placeholder                 | no placeholder",
        "{{first_name}}                 | {first_name}",
        "{{{first_name}}}               | {<FIRST_NAME>}",
        "}}{{                           | }{",
        "🎂 {year} $1 \\1 %s            | 🎂 <YEAR> $1 \\1 %s"
      })
  void placeholdersAreReplacedAndDoubledBracesAreBraces(String template, String message) {
    assertThat(Template.of(template).render(p -> "<" + p.name() + ">")).isEqualTo(message);
  }

  @Test
  void bracesOfAValueAreNotExpandedAgain() {
    Template template = Template.of("Hey, {first_name} {last_name}");

    assertThat(template.render(p -> p == Placeholder.FIRST_NAME ? "{last_name}" : "{{x}"))
        .isEqualTo("Hey, {last_name} {{x}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "Hey, {name}     | unknown placeholder {name} at character 6",
        "{FIRST_NAME}    | unknown placeholder {FIRST_NAME} at character 1",
        "{ first_name }  | unknown placeholder { first_name } at character 1",
        "a {} b          | unknown placeholder {} at character 3",
        "Hey, {age       | '{' that is not closed at character 6",
        "{age {year}     | '{' that is not closed at character 1",
        "{               | '{' that is not closed at character 1",
        "Hey}            | '}' that closes nothing at character 4",
        "{age}}          | '}' that closes nothing at character 6",
        "{{{age}}        | '}' that closes nothing at character 8"
      })
  void aMistakeIsNamedWithItsPlaceAndWhatIsKnown(String template, String problem) {
    assertThatThrownBy(() -> Template.of(template))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(problem + ": " + KNOWN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  "})
  void aBlankTemplateIsRefused(String template) {
    assertThatThrownBy(() -> Template.of(template))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("from 1 to 500, not all blank, are allowed");
  }

  @Test
  void aTooLongTemplateIsRefused() {
    assertThat(Template.of("a".repeat(Template.MAX_LENGTH)).toString()).hasSize(500);
    assertThatThrownBy(() -> Template.of("a".repeat(Template.MAX_LENGTH + 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the template has 501 characters");
  }

  @Test
  void templatesOfTheSameTextAreEqual() {
    assertThat(Template.of("{age}"))
        .isEqualTo(Template.of("{age}"))
        .hasSameHashCodeAs(Template.of("{age}"))
        .isNotEqualTo(Template.of("{year}"));
  }

  @Test
  void everyPlaceholderHasAKey() {
    for (Placeholder placeholder : Placeholder.values()) {
      assertThat(Template.of("{" + placeholder.key() + "}").render(p -> p.name()))
          .isEqualTo(placeholder.name().toUpperCase(Locale.ROOT));
    }
  }
}
