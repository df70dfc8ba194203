package dev.carillon.view.keyed;

import dev.carillon.view.Tier;
import dev.carillon.view.definition.Obstacle;
import dev.carillon.view.keeper.Refused;
import java.util.List;

/** A view cannot be kept by its keys; the message says why and what to change. */
public final class KeyedRefused extends Refused {

  private static final long serialVersionUID = 1L;

  KeyedRefused(List<Obstacle> obstacles) {
    super(obstacles);
  }

  KeyedRefused(String reason, String hint) {
    this(List.of(new Obstacle(Tier.KEYED, reason, hint)));
  }
}
