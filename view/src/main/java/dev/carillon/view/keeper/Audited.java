package dev.carillon.view.keeper;

import java.util.List;

/**
 * What came of counting anew.
 *
 * @param mismatches groups or rows of the view that differ from its query, in one snapshot
 * @param samples some of these: what the two say
 */
public record Audited(long mismatches, List<String> samples) {

  /** The most samples of a view, or of one of its parts. */
  public static final int MAX_SAMPLES = 5;

  public Audited {
    samples = List.copyOf(samples);
  }
}
