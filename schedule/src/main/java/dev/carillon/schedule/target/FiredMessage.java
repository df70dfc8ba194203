package dev.carillon.schedule.target;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.schedule.running.Run;
import dev.carillon.schedule.template.InputJson;
import dev.carillon.schedule.template.RunFacts;

/**
 * What a run says to whoever is told of it, in the form that Standard Webhooks 1.0.0 recommends:
 * type, timestamp and data.
 */
public final class FiredMessage {

  /** The type of all of them. */
  public static final String TYPE = "schedule.fired";

  private FiredMessage() {}

  /** The message; its input is JSON if it was, else a text, or null if there is none. */
  public static ObjectNode of(Run run) {
    RunFacts facts = new RunFacts(run.schedule(), run.order(), run.attempt());
    ObjectNode message =
        JsonNodeFactory.instance
            .objectNode()
            .put("type", TYPE)
            .put("timestamp", facts.due().toString());
    message
        .putObject("data")
        .put("schedule_id", run.schedule().id().toString())
        .put("run_id", facts.run().toString())
        .put("group", facts.group())
        .put("name", facts.name())
        .put("scheduled_time", facts.scheduledTime())
        .put("local_time", facts.scheduledLocalTime())
        .put("zone", facts.zone())
        .put("kind", facts.kind())
        .put("attempt", run.attempt().number())
        .set("input", input(run));
    return message;
  }

  private static JsonNode input(Run run) {
    return run.input() == null ? NullNode.getInstance() : InputJson.of(run.input());
  }
}
