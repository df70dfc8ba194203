package dev.carillon.view.doctor;

import java.util.Comparator;
import java.util.List;

/**
 * What a doctor found, in the order of the checks; each has at least one entry.
 *
 * @param advice the findings
 */
public record Examination(List<Advice> advice) {

  public Examination {
    advice = List.copyOf(advice);
  }

  /** The worst that was found. */
  public Severity worst() {
    return advice.stream().map(Advice::severity).max(Comparator.naturalOrder()).orElse(Severity.OK);
  }

  /** What a command ends with: 0 if nothing has to be done, 1 after warnings, 2 after problems. */
  public int exitCode() {
    return worst().exitCode();
  }

  /** What one check found. */
  public List<Advice> of(String check) {
    return advice.stream().filter(one -> one.check().equals(check)).toList();
  }
}
