package dev.carillon.schedule.template;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a template may say in angle brackets. The first four are EventBridge Scheduler's context
 * attributes ("Adding context attributes in EventBridge Scheduler", User Guide).
 */
enum Variable {
  SCHEDULED_TIME("aws.scheduler.scheduled-time", Form.TEXT),
  SCHEDULE_ARN("aws.scheduler.schedule-arn", Form.TEXT),
  EXECUTION_ID("aws.scheduler.execution-id", Form.TEXT),
  ATTEMPT_NUMBER("aws.scheduler.attempt-number", Form.NUMBER),
  SCHEDULED_LOCAL_TIME("carillon.scheduled-local-time", Form.TEXT),
  ZONE("carillon.zone", Form.TEXT),
  GROUP("carillon.group", Form.TEXT),
  NAME("carillon.name", Form.TEXT),
  KIND("carillon.kind", Form.TEXT),
  LATENESS_SECONDS("carillon.lateness-seconds", Form.NUMBER);

  /** What a value is in JSON. */
  enum Form {
    /** Belongs in quotes. */
    TEXT,
    /** May stand without. */
    NUMBER
  }

  private final String word;
  private final Form form;

  Variable(String word, Form form) {
    this.word = word;
    this.form = form;
  }

  /** The variable of a word; empty if there is none. */
  static Optional<Variable> named(String word) {
    return Stream.of(values()).filter(variable -> variable.word.equals(word)).findFirst();
  }

  /** What stands between the angle brackets. */
  String word() {
    return word;
  }

  Form form() {
    return form;
  }

  /** Its value in a run. */
  String value(RunFacts facts) {
    return switch (this) {
      case SCHEDULED_TIME -> facts.scheduledTime();
      case SCHEDULE_ARN -> facts.arn();
      case EXECUTION_ID -> facts.run().toString();
      case ATTEMPT_NUMBER -> Integer.toString(facts.attempt().number());
      case SCHEDULED_LOCAL_TIME -> facts.scheduledLocalTime();
      case ZONE -> facts.zone();
      case GROUP -> facts.group();
      case NAME -> facts.name();
      case KIND -> facts.kind();
      case LATENESS_SECONDS -> Long.toString(facts.latenessSeconds());
    };
  }
}
