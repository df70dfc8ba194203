package dev.carillon.server.schedule.target;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.schedule.running.Run;
import dev.carillon.schedule.running.ScheduleTarget;
import dev.carillon.schedule.target.FiredMessage;
import dev.carillon.schedule.target.SettingsFields;
import dev.carillon.target.Attempt;
import dev.carillon.target.Outcome;
import dev.carillon.webhook.delivery.WebhookTarget;
import dev.carillon.webhook.endpoint.Endpoint;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A target of schedules that tells an endpoint: a delivery like any other, signed, limited, logged
 * and held while its endpoint has no room. Safe for use by many threads.
 */
public final class WebhookScheduleTarget implements ScheduleTarget {

  /** The kind, as schedules name it. */
  public static final String KIND = "webhook";

  private static final Pattern ID =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private static final String ENDPOINT = "endpoint";

  private final WebhookTarget deliveries;

  /** A target that delivers through another one. */
  public WebhookScheduleTarget(WebhookTarget deliveries) {
    this.deliveries = requireNonNull(deliveries, "deliveries is null");
  }

  @Override
  public String kind() {
    return KIND;
  }

  /** {@inheritDoc} An endpoint that does not exist is none: its runs are held until it is made. */
  @Override
  public Optional<String> problem(JsonNode settings) {
    return SettingsFields.unknown(settings, Set.of(ENDPOINT))
        .or(() -> endpointProblem(settings.path(ENDPOINT)));
  }

  @Override
  public Outcome run(Run run) throws InterruptedException {
    Optional<String> problem = problem(run.settings());
    if (problem.isPresent()) {
      return new Outcome.Rejected("target " + problem.get());
    }
    Attempt attempt = run.attempt();
    return deliveries.perform(
        new Attempt(
            attempt.event(),
            attempt.number(),
            attempt.startedAt(),
            FiredMessage.of(run).toString(),
            run.settings().path(ENDPOINT).asText(Endpoint.DEFAULT_NAME)));
  }

  private static Optional<String> endpointProblem(JsonNode endpoint) {
    String text = endpoint.asText();
    boolean isReference = Endpoint.isName(text) || ID.matcher(text).matches();
    return endpoint.isMissingNode() || (endpoint.isTextual() && isReference)
        ? Optional.empty()
        : Optional.of("endpoint must be an endpoint's id or name: " + Endpoint.NAME_ALLOWED);
  }
}
