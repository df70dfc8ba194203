package dev.carillon.server;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Spike. */
@QuarkusMain
public final class Carillon {
  private Carillon() {}

  /** Spike. */
  public static void main(String... args) {
    Quarkus.run(args);
  }
}
