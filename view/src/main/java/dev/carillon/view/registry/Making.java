package dev.carillon.view.registry;

import dev.carillon.view.Tier;
import dev.carillon.view.ViewName;
import dev.carillon.view.capture.CaptureBusy;
import dev.carillon.view.catalog.Catalog;
import dev.carillon.view.catalog.RefreshLog;
import dev.carillon.view.catalog.RegisteredView;
import dev.carillon.view.definition.Obstacle;
import dev.carillon.view.definition.ViewQuery;
import dev.carillon.view.keeper.Keeper;
import dev.carillon.view.keeper.Kept;
import dev.carillon.view.keeper.Refused;
import dev.carillon.view.upkeep.Failure;
import dev.carillon.view.upkeep.Tending;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/** Makes views, each by the first of the wanted tiers that can keep its query. */
record Making(Jdbi jdbi, Tending tending) {

  Made run(Wanted wanted, Instant now) {
    try {
      return makeNew(wanted, now);
    } catch (CaptureBusy e) {
      return new Made.Busy(
          "%s. Ask again to finish what was begun, or drop %s"
              .formatted(e.getMessage(), wanted.name()));
    }
  }

  private Made makeNew(Wanted wanted, Instant now) {
    if (isRegistered(wanted.name())) {
      return new Made.NameTaken(wanted.name() + " is registered already");
    }
    if (jdbi.withHandle(Catalog::list).size() >= Catalog.MAX_VIEWS) {
      return new Made.TooMany(Catalog.MAX_VIEWS);
    }
    String query = wanted.query();
    if (query == null) {
      return adopt(wanted, now);
    }
    return switch (ViewQuery.parse(query)) {
      case ViewQuery.Invalid(int position, String reason) -> new Made.Invalid(position, reason);
      case ViewQuery.Valid valid -> make(wanted, valid, now);
    };
  }

  /** A view whose drop was interrupted is taken away first. */
  private boolean isRegistered(ViewName name) {
    Optional<RegisteredView> found = jdbi.withHandle(handle -> Catalog.find(handle, name));
    Optional<Keeper> keeper = found.flatMap(view -> tending.keeper(view.tier()));
    if (keeper.isPresent() && isHalfDropped(keeper.get(), name)) {
      keeper.get().drop(name);
      jdbi.useTransaction(handle -> forget(handle, name));
      return false;
    }
    return found.isPresent();
  }

  private boolean isHalfDropped(Keeper keeper, ViewName name) {
    return jdbi.withHandle(handle -> !Relation.exists(handle, name))
        && tending.state(keeper, name).filter(Kept::exact).isEmpty();
  }

  /** Takes a view out of the catalog; its history stays. */
  static void forget(Handle handle, ViewName name) {
    RefreshLog.forgetLast(handle, name);
    Catalog.delete(handle, name);
  }

  /** What keeps a view of a name that is not registered: it was begun and not finished. */
  Optional<Keeper> begun(ViewName name) {
    return tending.keepers().stream()
        .filter(keeper -> tending.state(keeper, name).isPresent())
        .findFirst();
  }

  private Made make(Wanted wanted, ViewQuery.Valid query, Instant now) {
    Optional<Keeper> begun = begun(wanted.name());
    if (begun.isPresent()) {
      Tier tier = begun.get().tier();
      return wanted.tiers().contains(tier)
          ? keep(begun.get(), wanted, query, now)
          : new Made.NameTaken(
              "%s was begun as a view of the tier %s and not finished: make it so, or drop it first"
                  .formatted(wanted.name(), tier.word()));
    }
    if (jdbi.withHandle(handle -> Relation.exists(handle, wanted.name()))) {
      return new Made.NameTaken(
          "there is a relation %s already; without a query a materialized view is registered as it is"
              .formatted(wanted.name()));
    }
    List<Obstacle> obstacles = new ArrayList<>();
    for (Tier tier : wanted.tiers()) {
      Made made =
          tier == Tier.FULL
              ? fill(wanted, query, now)
              : tending
                  .keeper(tier)
                  .map(keeper -> keep(keeper, wanted, query, now))
                  .orElse(new Made.Refused(List.of()));
      if (!(made instanceof Made.Refused(List<Obstacle> own))) {
        return made;
      }
      obstacles.addAll(own);
    }
    return new Made.Refused(obstacles);
  }

  private Made adopt(Wanted wanted, Instant now) {
    return jdbi.inTransaction(handle ->
        Relation.definition(handle, wanted.name())
            .map(query -> registered(handle, wanted, Tier.FULL, query, now))
            .orElseGet(() ->
                new Made.Rejected(
                    "there is no materialized view %s in the first schema of the search path: give its query"
                        .formatted(wanted.name()))));
  }

  private Made fill(Wanted wanted, ViewQuery.Valid query, Instant now) {
    try {
      return jdbi.inTransaction(handle -> {
        Relation.make(handle, wanted.name(), query.text(), wanted.keyColumns());
        return registered(handle, wanted, Tier.FULL, query.text(), now);
      });
    } catch (SQLException e) {
      return new Made.Rejected(String.valueOf(e.getMessage()));
    } catch (UnableToExecuteStatementException e) {
      return new Made.Rejected(Failure.words(e));
    }
  }

  private Made keep(Keeper keeper, Wanted wanted, ViewQuery.Valid query, Instant now) {
    return create(keeper, wanted, query)
        .orElseGet(() ->
            jdbi.inTransaction(
                handle -> registered(handle, wanted, keeper.tier(), query.text(), now)));
  }

  /** Empty if it was made. */
  private Optional<Made> create(Keeper keeper, Wanted wanted, ViewQuery.Valid query) {
    try {
      keeper.create(wanted.name(), query, wanted.keyColumns());
      long differences = new Comparison(jdbi).differences(keeper, wanted.name(), query);
      if (differences == 0) {
        return Optional.empty();
      }
      keeper.drop(wanted.name());
      return Optional.of(new Made.Refused(List.of(wrong(keeper.tier(), differences))));
    } catch (Refused e) {
      return Optional.of(new Made.Refused(e.obstacles()));
    } catch (RuntimeException e) {
      if (!Failure.isOfQuery(e)) {
        throw e;
      }
      keeper.drop(wanted.name());
      return Optional.of(new Made.Rejected(Failure.words(e)));
    }
  }

  private static Obstacle wrong(Tier tier, long differences) {
    return new Obstacle(
        tier,
        "the view would differ from its query in %d rows".formatted(differences),
        "If they depend on chance, or on an order that the query leaves open, say it in the query; if not, please report it");
  }

  private static Made registered(
      Handle handle, Wanted wanted, Tier tier, String query, Instant now) {
    List<String> key =
        wanted.keyColumns().isEmpty() ? Relation.key(handle, wanted.name()) : wanted.keyColumns();
    RegisteredView view =
        new RegisteredView(
            wanted.name(), tier, query, key, wanted.interval(), wanted.objective(), now);
    return Catalog.insert(handle, view)
        ? new Made.Done(view)
        : new Made.NameTaken(wanted.name() + " is registered already");
  }
}
