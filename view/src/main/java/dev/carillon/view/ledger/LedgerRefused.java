package dev.carillon.view.ledger;

import dev.carillon.view.definition.Obstacle;
import dev.carillon.view.keeper.Refused;
import java.util.List;

/** A view cannot be kept by a ledger; the message says why and what to change. */
public final class LedgerRefused extends Refused {

  private static final long serialVersionUID = 1L;

  LedgerRefused(List<Obstacle> obstacles) {
    super(obstacles);
  }
}
