package dev.carillon.view.full;

import dev.carillon.view.ViewName;
import dev.carillon.view.catalog.RegisteredView;
import java.util.Optional;

/** Why a view cannot be filled, and what to do about it. */
final class Obstacles {

  private Obstacles() {}

  static RefreshOutcome.Impossible notRegistered(ViewName view) {
    return new RefreshOutcome.Impossible(
        "no view named %s is registered".formatted(view),
        "Register it, or look for its name in the list of views");
  }

  static RefreshOutcome.Impossible notFilled(RegisteredView view) {
    return new RefreshOutcome.Impossible(
        "%s is of tier %s: it is kept up to date by itself"
            .formatted(view.name(), view.tier().word()),
        "Nothing need be done; a re-sync counts it anew");
  }

  static Optional<RefreshOutcome.Impossible> in(ViewName view, Sight sight) {
    return sight.materialized()
        ? Optional.empty()
        : Optional.of(
            new RefreshOutcome.Impossible(
                "there is no materialized view named " + view,
                "Create it again, or delete its registration"));
  }
}
