package dev.carillon.server.schedule;

import dev.carillon.retry.Backoff;
import dev.carillon.retry.RetryPolicy;
import dev.carillon.schedule.AfterLastRun;
import dev.carillon.schedule.MisfirePolicy;
import dev.carillon.schedule.Policies;
import dev.carillon.schedule.RunOverlap;
import dev.carillon.server.http.JsonFields;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a request wants of how a schedule behaves. */
final class PoliciesInput {

  static final Set<String> FIELDS =
      Set.of(
          "misfire",
          "catch_up",
          "max_catch_up",
          "run_overlap",
          "jitter",
          "max_age",
          "max_attempts",
          "retry",
          "pause_on_failure",
          "after_last_run");

  /** The most waits of a listed retry policy, and the longest of them. */
  private static final int MAX_WAITS = 24;

  private static final Duration LONGEST_WAIT = Duration.ofDays(7);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Given given;
  private final @Nullable MisfirePolicy misfire;
  private final @Nullable Duration catchUp;
  private final @Nullable Integer maxCatchUp;
  private final @Nullable RunOverlap runOverlap;
  private final @Nullable Duration jitter;
  private final @Nullable Duration maxAge;
  private final @Nullable Integer maxAttempts;
  private final @Nullable List<Duration> waits;
  private final @Nullable Boolean pauseOnFailure;
  private final @Nullable AfterLastRun afterLastRun;

  /** Reads the fields; what is wrong is kept in them. */
  PoliciesInput(JsonFields fields) {
    this.given = new Given(fields);
    this.misfire = given.choice("misfire", MisfirePolicy.class);
    this.catchUp = given.span("catch_up", SECOND, Policies.LONGEST);
    this.maxCatchUp = fields.integer("max_catch_up", 1, Policies.MOST_CATCH_UP);
    this.runOverlap = given.choice("run_overlap", RunOverlap.class);
    this.jitter = given.span("jitter", Duration.ZERO, Policies.MAX_JITTER);
    this.maxAge = given.span("max_age", SECOND, Policies.LONGEST);
    this.maxAttempts = fields.integer("max_attempts", 1, RetryPolicy.MOST_ATTEMPTS);
    this.waits =
        given.list(
            "retry",
            MAX_WAITS,
            "a wait of whole seconds from 1s to 7d, such as 30s",
            text -> Given.spanOf(text, SECOND, LONGEST_WAIT));
    this.pauseOnFailure = fields.flag("pause_on_failure");
    this.afterLastRun = given.choice("after_last_run", AfterLastRun.class);
    if (waits != null && waits.isEmpty()) {
      fields.error("retry", "must have at least one wait; max_attempts 1 is for none");
    }
    if (waits != null && maxAttempts != null) {
      fields.error("retry", "says how many attempts there are: leave max_attempts out");
    }
  }

  /** The policies that a change makes of the old ones; the fields have been checked. */
  Policies changed(Policies old) {
    Policies byDefault = Policies.DEFAULT;
    return new Policies(
        given.chosen("misfire", misfire, old.misfire(), byDefault.misfire()),
        given.chosen("catch_up", catchUp, old.catchUpWindow(), byDefault.catchUpWindow()),
        given.chosen("max_catch_up", maxCatchUp, old.maxCatchUp(), byDefault.maxCatchUp()),
        given.chosen("run_overlap", runOverlap, old.runOverlap(), byDefault.runOverlap()),
        given.chosen("jitter", jitter, old.jitter(), byDefault.jitter()),
        given.chosenOrNone("max_age", maxAge, old.maxAge()),
        retry(old.retry()),
        given.chosen("pause_on_failure", pauseOnFailure, old.pauseOnFailure(), false),
        given.chosen("after_last_run", afterLastRun, old.afterLastRun(), AfterLastRun.KEEP));
  }

  /** What was given; a null ends only what it names. */
  private @Nullable RetryPolicy retry(@Nullable RetryPolicy old) {
    if (waits != null) {
      return RetryPolicy.listed(waits);
    }
    if (maxAttempts != null) {
      return RetryPolicy.DEFAULT.withMaxAttempts(maxAttempts);
    }
    boolean listed = old != null && old.backoff() instanceof Backoff.Listed;
    return given.fields().isNull(listed ? "retry" : "max_attempts") ? null : old;
  }
}
