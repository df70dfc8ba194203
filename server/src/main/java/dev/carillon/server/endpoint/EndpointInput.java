package dev.carillon.server.endpoint;

import static java.util.Objects.requireNonNull;

import dev.carillon.server.http.JsonFields;
import dev.carillon.server.settings.TimeSpan;
import dev.carillon.webhook.endpoint.Endpoint;
import dev.carillon.webhook.endpoint.EndpointSettings;
import dev.carillon.webhook.endpoint.RetrySchedule;
import dev.carillon.webhook.endpoint.StatusPolicy;
import dev.carillon.webhook.endpoint.Traffic;
import dev.carillon.webhook.endpoint.Traffic.Rate;
import dev.carillon.webhook.endpoint.UrlRule;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a request wants of an endpoint's settings. A field that is left out stays as it is; one that
 * is null goes back to its default.
 */
final class EndpointInput {

  static final Set<String> FIELDS =
      Set.of(
          "name",
          "url",
          "policy",
          "retry",
          "concurrency",
          "rate_limit",
          "burst",
          "timeout",
          "alerts",
          "client_certificate",
          "client_key",
          "ca_certificate");

  static final String EXPONENTIAL = "exponential";
  static final String STANDARD_WEBHOOKS = "standard-webhooks";

  private static final String RETRY_ALLOWED =
      "%s, %s, or a list of 1 to %d waits from 1s to 7d such as [\"5s\", \"1m\"]"
          .formatted(EXPONENTIAL, STANDARD_WEBHOOKS, RetrySchedule.Waits.MAX_WAITS);
  private static final String TIMEOUT_ALLOWED =
      "a time from %s to %s, such as 20s"
          .formatted(TimeSpan.format(Endpoint.MIN_TIMEOUT), TimeSpan.format(Endpoint.MAX_TIMEOUT));
  private static final String POLICY_ALLOWED =
      "%s or %s"
          .formatted(StatusPolicy.CARILLON.spelled(), StatusPolicy.STANDARD_WEBHOOKS.spelled());

  private final JsonFields fields;
  private final @Nullable String name;
  private final @Nullable URI url;
  private final @Nullable StatusPolicy policy;
  private final @Nullable RetrySchedule retry;
  private final @Nullable Integer concurrency;
  private final @Nullable Double rate;
  private final @Nullable Integer burst;
  private final @Nullable Duration timeout;
  private final @Nullable Boolean alerts;
  private final TlsInput tls;

  /**
   * Reads the fields; what is wrong is kept in them.
   *
   * @param rule what a URL must keep beside its form
   */
  EndpointInput(JsonFields fields, UrlRule rule) {
    this.fields = fields;
    this.name =
        fields.optional(
            "name", Endpoint.NAME_ALLOWED, text -> Optional.of(text).filter(Endpoint::isName));
    this.url = url(fields, rule);
    this.policy = fields.optional("policy", POLICY_ALLOWED, StatusPolicy::named);
    this.retry = fields.textOrTexts("retry", RETRY_ALLOWED, EndpointInput::retry);
    this.concurrency = fields.integer("concurrency", 1, Traffic.MAX_CONCURRENCY);
    this.rate = fields.number("rate_limit", Rate.MIN_PER_SECOND, Rate.MAX_PER_SECOND);
    this.burst = fields.integer("burst", 1, Rate.MAX_BURST);
    this.timeout = fields.optional("timeout", TIMEOUT_ALLOWED, EndpointInput::timeout);
    this.alerts = fields.flag("alerts");
    this.tls = new TlsInput(fields);
    refuseNull("name");
    refuseNull("url");
  }

  /**
   * The settings of a new endpoint.
   *
   * @throws dev.carillon.server.http.ProblemException 400 if anything of it is wrong or missing
   */
  EndpointSettings made(Instant now) {
    need("name", Endpoint.NAME_ALLOWED);
    need("url", "a URL such as https://hooks.example.com/in");
    fields.check();
    return changed(EndpointSettings.of(requireNonNull(name), requireNonNull(url)), now);
  }

  /**
   * The settings that a change makes of the old ones.
   *
   * @throws dev.carillon.server.http.ProblemException 400 if it is wrong, or does not fit them
   */
  EndpointSettings changed(EndpointSettings old, Instant now) {
    fields.check();
    Traffic traffic = traffic(old.traffic());
    EndpointSettings changed =
        new EndpointSettings(
            name == null ? old.name() : name,
            url == null ? old.url() : url,
            chosen("policy", policy, old.policy(), StatusPolicy.CARILLON),
            chosen("retry", retry, old.retry(), RetrySchedule.EXPONENTIAL),
            traffic,
            chosen("timeout", timeout, old.timeout(), Endpoint.DEFAULT_TIMEOUT),
            chosen("alerts", alerts, old.alerts(), false),
            tls.changed(old.tls(), now));
    fields.check();
    return changed;
  }

  private <T> T chosen(String field, @Nullable T given, T old, T byDefault) {
    if (given != null) {
      return given;
    }
    return fields.isNull(field) ? byDefault : old;
  }

  private Traffic traffic(Traffic old) {
    int atOnce =
        chosen("concurrency", concurrency, old.concurrency(), Traffic.DEFAULT.concurrency());
    Double perSecond = rate;
    if (perSecond == null && !fields.isNull("rate_limit") && old.rate() != null) {
      perSecond = old.rate().perSecond();
    }
    if (perSecond == null) {
      if (burst != null) {
        fields.error("burst", "needs a rate_limit");
      }
      return new Traffic(atOnce, null);
    }
    int byDefault = Rate.of(perSecond).burst();
    int before = old.rate() == null ? byDefault : old.rate().burst();
    return new Traffic(atOnce, new Rate(perSecond, chosen("burst", burst, before, byDefault)));
  }

  private void need(String field, String allowed) {
    if (!fields.has(field)) {
      fields.error(field, "is needed: " + allowed);
    }
  }

  private void refuseNull(String field) {
    if (fields.isNull(field)) {
      fields.error(field, "must not be null: it has no default");
    }
  }

  private static @Nullable URI url(JsonFields fields, UrlRule rule) {
    String text = fields.optional("url", "a text", Optional::of);
    if (text == null) {
      return null;
    }
    // The rule first: it knows every spelling of an address, where the form knows only a URI's.
    Optional<String> problem = rule.problem(text).or(() -> UrlRule.FORM.problem(text));
    problem.ifPresent(told -> fields.error("url", told));
    return problem.isPresent() ? null : URI.create(text);
  }

  private static Optional<Duration> timeout(String text) {
    return TimeSpan.parse(text)
        .filter(time -> time.compareTo(Endpoint.MIN_TIMEOUT) >= 0)
        .filter(time -> time.compareTo(Endpoint.MAX_TIMEOUT) <= 0)
        .filter(EndpointInput::isWholeMillis);
  }

  private static Optional<RetrySchedule> retry(List<String> texts) {
    if (texts.equals(List.of(EXPONENTIAL))) {
      return Optional.of(RetrySchedule.EXPONENTIAL);
    }
    if (texts.equals(List.of(STANDARD_WEBHOOKS))) {
      return Optional.of(RetrySchedule.STANDARD_WEBHOOKS);
    }
    List<Duration> waits = texts.stream().flatMap(text -> TimeSpan.parse(text).stream()).toList();
    try {
      return waits.size() == texts.size()
          ? Optional.of(new RetrySchedule.Waits(waits))
          : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static boolean isWholeMillis(Duration time) {
    return time.toNanosPart() % 1_000_000 == 0;
  }
}
