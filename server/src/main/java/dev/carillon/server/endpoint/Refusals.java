package dev.carillon.server.endpoint;

import dev.carillon.server.http.Problem;
import dev.carillon.server.http.ProblemException;
import dev.carillon.webhook.endpoint.Endpoint;
import dev.carillon.webhook.endpoint.EndpointChange;
import dev.carillon.webhook.endpoint.Endpoints;
import dev.carillon.webhook.sign.SignatureKind;

/** What a caller is told of a change that was not made. */
final class Refusals {

  private Refusals() {}

  /**
   * The refusal that a change means.
   *
   * @throws IllegalStateException if it was made
   */
  static ProblemException of(EndpointChange change) {
    return new ProblemException(problem(change));
  }

  private static Problem problem(EndpointChange change) {
    return switch (change) {
      case EndpointChange.Done _, EndpointChange.Rotated _ ->
          throw new IllegalStateException("it was made: " + change);
      case EndpointChange.Missing() -> Problem.of(404, "there is no such endpoint");
      case EndpointChange.NameTaken(String name) ->
          Problem.of(409, "there is an endpoint named %s already".formatted(name));
      case EndpointChange.TooMany() ->
          Problem.of(
              409, "there are %d endpoints: delete one first".formatted(Endpoints.MAX_ENDPOINTS));
      case EndpointChange.TooManyKeys() ->
          Problem.of(
              409,
              "%d keys are live: wait until one expires, or rotate with an overlap of 0s"
                  .formatted(Endpoints.MAX_KEYS));
      case EndpointChange.Stale(Endpoint now) ->
          Problem.of(
              409, "it was changed meanwhile: its revision is %d now".formatted(now.revision()));
      case EndpointChange.Managed _ ->
          Problem.of(409, "its name, url and keys are set by WEBHOOK_URL and WEBHOOK_SECRET");
      case EndpointChange.WrongKind(SignatureKind needed) ->
          Problem.invalid(KeyInput.SECRET, KeyInput.wrongKind(needed));
    };
  }
}
