package dev.carillon.bench.views;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What fresh views cost.
 *
 * @param settings what the figures depend on
 * @param loads of the machine: when it began, and at the end
 * @param sections each measurement
 */
public record ViewsReport(Settings settings, List<Double> loads, List<Section> sections) {

  public ViewsReport {
    loads = List.copyOf(loads);
    sections = List.copyOf(sections);
  }

  /** The report as people read it. */
  public String text() {
    return sections.stream()
        .map(Section::text)
        .collect(
            Collectors.joining(
                "\n",
                "%s%nMachine's load at the beginning and at the end: %.1f, %.1f%n%n"
                    .formatted(settings.text(), loads.getFirst(), loads.getLast()),
                ""));
  }

  /** Whether the views were right whenever that was looked at. */
  public boolean isCorrect() {
    return sections.stream().allMatch(Section::isCorrect);
  }
}
