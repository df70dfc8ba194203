package dev.carillon.schedule.template;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.schedule.RunOrder;
import dev.carillon.schedule.Schedule;
import dev.carillon.target.Attempt;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The input that a schedule hands to its target, with variables in angle brackets such as {@code
 * <aws.scheduler.scheduled-time>}. Only words that begin with {@code aws.scheduler.} or {@code
 * carillon.} are variables; all other text is left alone. In a template that is JSON, values are
 * written as JSON strings are: it is JSON when it is filled, too.
 */
public final class InputTemplate {

  private static final Pattern VARIABLE =
      Pattern.compile("<((?:aws\\.scheduler|carillon)\\.[^<>]*)>");

  private static final String KNOWN =
      Stream.of(Variable.values())
          .map(variable -> '<' + variable.word() + '>')
          .collect(Collectors.joining(", "));

  /** No JSON without quotes, and none within that could end a string. */
  private static final String SOME_TEXT = "some text";

  private static final String SOME_NUMBER = "0";

  private InputTemplate() {}

  /** What is wrong with a template, to be said of the field that it is in; empty if nothing is. */
  public static Optional<String> problem(String template) {
    Optional<String> unknown =
        VARIABLE
            .matcher(template)
            .results()
            .map(found -> found.group(1))
            .filter(word -> Variable.named(word).isEmpty())
            .findFirst();
    if (unknown.isPresent()) {
      return Optional.of(
          "has an unknown variable <%s>: %s are allowed".formatted(unknown.get(), KNOWN));
    }
    return lacksQuotes(template)
        ? Optional.of("is JSON but for a variable that is a text: put that in quotes")
        : Optional.empty();
  }

  /**
   * Fills a template.
   *
   * @throws IllegalArgumentException if it has a variable that this version does not know
   */
  public static String render(String template, Schedule schedule, RunOrder order, Attempt attempt) {
    RunFacts facts = new RunFacts(schedule, order, attempt);
    boolean isJson = InputJson.read(fill(template, InputTemplate::sample)).isPresent();
    return fill(
        template, variable -> isJson ? escaped(variable.value(facts)) : variable.value(facts));
  }

  /** Whether it would be JSON if texts could stand in it without quotes: surely a mistake. */
  private static boolean lacksQuotes(String template) {
    return InputJson.read(fill(template, InputTemplate::sample)).isEmpty()
        && InputJson.read(fill(template, _ -> SOME_NUMBER))
            .filter(JsonNode::isContainerNode)
            .isPresent();
  }

  private static String fill(String template, Function<Variable, String> values) {
    return VARIABLE
        .matcher(template)
        .replaceAll(found -> Matcher.quoteReplacement(values.apply(variable(found))));
  }

  private static Variable variable(MatchResult found) {
    return Variable.named(found.group(1))
        .orElseThrow(
            () -> new IllegalArgumentException("unknown variable <%s>".formatted(found.group(1))));
  }

  private static String sample(Variable variable) {
    return switch (variable.form()) {
      case TEXT -> SOME_TEXT;
      case NUMBER -> SOME_NUMBER;
    };
  }

  private static String escaped(String value) {
    return new String(JsonStringEncoder.getInstance().quoteAsString(value));
  }
}
