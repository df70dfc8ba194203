package dev.carillon.view.optimisation;

/** Who is told what is being done, line by line, while it is done. */
@FunctionalInterface
public interface Progress {

  /** Nobody. */
  Progress SILENT = _ -> {};

  /** Tells what is being done now. */
  void say(String line);
}
