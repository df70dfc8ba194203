package dev.carillon.webhook.endpoint;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** A rule that an endpoint's URL must keep. */
@FunctionalInterface
public interface UrlRule {

  /** The longest URL, in characters. */
  int MAX_URL_LENGTH = 2_048;

  /** The rule that every endpoint's URL keeps, wherever it leads to. */
  UrlRule FORM = UrlRule::problemOfForm;

  /**
   * What is wrong with a URL, as an end of "the URL ...": empty if nothing is. It never repeats the
   * URL, which may hold a secret.
   */
  Optional<String> problem(String url);

  private static Optional<String> problemOfForm(String url) {
    if (url.isEmpty() || url.length() > MAX_URL_LENGTH) {
      return Optional.of("must have from 1 to %d characters".formatted(MAX_URL_LENGTH));
    }
    try {
      return problemOfParts(new URI(url));
    } catch (URISyntaxException _) {
      return Optional.of("must be a URL such as https://hooks.example.com/in");
    }
  }

  private static Optional<String> problemOfParts(URI url) {
    boolean http =
        "https".equalsIgnoreCase(url.getScheme()) || "http".equalsIgnoreCase(url.getScheme());
    if (!http || url.getHost() == null) {
      return Optional.of("must begin with https:// (or http://) and a host");
    }
    if (url.getRawUserInfo() != null) {
      return Optional.of("must have no user name or password in it");
    }
    return url.getRawFragment() == null
        ? Optional.empty()
        : Optional.of("must have no fragment (#...)");
  }
}
