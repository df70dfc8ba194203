package dev.carillon.webhook.delivery;

import dev.carillon.webhook.traffic.Gate;
import dev.carillon.webhook.traffic.Result;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** A gate that is open and remembers who came and how they left. */
final class RecordingGate implements Gate {

  private final List<UUID> entered = new CopyOnWriteArrayList<>();
  private final List<Result> left = new CopyOnWriteArrayList<>();

  @Override
  public Admission enter(UUID endpoint) {
    entered.add(endpoint);
    return (Admission.Admitted) left::add;
  }

  List<UUID> entered() {
    return entered;
  }

  List<Result> left() {
    return left;
  }
}
