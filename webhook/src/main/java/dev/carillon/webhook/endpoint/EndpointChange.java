package dev.carillon.webhook.endpoint;

import dev.carillon.webhook.sign.SignatureKind;
import dev.carillon.webhook.sign.SigningKey;
import java.util.List;

/** What became of a change that was asked for. */
public sealed interface EndpointChange {

  /** It is done, or there was nothing to change. */
  record Done(Endpoint endpoint) implements EndpointChange {}

  /**
   * The endpoint has a new key.
   *
   * @param endpoint the endpoint as it is now
   * @param key the new key: to be shown once
   * @param keys all that are live, the current one first
   */
  record Rotated(Endpoint endpoint, SigningKey key, List<LiveKey> keys) implements EndpointChange {
    public Rotated {
      keys = List.copyOf(keys);
    }

    @Override
    public String toString() {
      return "Rotated[endpoint=%s]".formatted(endpoint);
    }
  }

  /** There is no such endpoint. */
  record Missing() implements EndpointChange {}

  /** Another endpoint has the name. */
  record NameTaken(String name) implements EndpointChange {}

  /** There are {@link Endpoints#MAX_ENDPOINTS} already. */
  record TooMany() implements EndpointChange {}

  /** {@link Endpoints#MAX_KEYS} keys are live already. */
  record TooManyKeys() implements EndpointChange {}

  /** Somebody else changed it meanwhile; this is how it is now. */
  record Stale(Endpoint endpoint) implements EndpointChange {}

  /** The name, the URL or the keys come from the settings. */
  record Managed(Endpoint endpoint) implements EndpointChange {}

  /** The given key is of another kind than the endpoint's keys. */
  record WrongKind(SignatureKind needed) implements EndpointChange {}
}
