package dev.carillon.bench.views;

/** The figures of one measurement. */
public interface Section {

  /** As people read them. */
  String text();

  /** Whether the views were right whenever that was looked at. */
  boolean isCorrect();
}
