package dev.carillon.webhook.http;

import dev.carillon.webhook.address.AddressPolicy;
import dev.carillon.webhook.address.Verdict;
import java.net.URI;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a policy says of URLs, remembered: to judge one takes several microseconds, a third of an
 * exchange, and the same ones come again and again. Addresses are never remembered. Safe for use by
 * many threads.
 */
final class AllowedUrls {

  /** The most URLs that are remembered; with one more all are forgotten. */
  static final int MAX_KEPT = 4096;

  private final AddressPolicy policy;
  private final ConcurrentHashMap<URI, URI> allowed = new ConcurrentHashMap<>();

  AllowedUrls(AddressPolicy policy) {
    this.policy = policy;
  }

  /**
   * The normal form of a URL. It is what was judged, so it is what is dialled: no two readings of
   * one text can differ.
   *
   * @throws ExchangeFailure if the URL is not allowed
   */
  URI normal(URI url) throws ExchangeFailure {
    URI known = allowed.get(url);
    if (known != null) {
      return known;
    }
    URI normal = judged(url);
    if (allowed.size() >= MAX_KEPT) {
      allowed.clear();
    }
    allowed.put(url, normal);
    return normal;
  }

  private URI judged(URI url) throws ExchangeFailure {
    return switch (policy.check(url.toString())) {
      case Verdict.Allowed verdict -> verdict.url() == null ? url : verdict.url();
      case Verdict.Refused refused -> throw new ExchangeFailure(Fault.REFUSED, refused.reason());
    };
  }
}
