package dev.carillon.schedule.expression;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.TemporalAdjusters;
import java.util.List;

/**
 * The oracle's reading of {@code cron(...)}: asks of one local time whether each field's text
 * allows it, by walking the field's values. Shares no code with the evaluator. Knows numbers only.
 */
final class NaiveCron {

  private static final int[] LEAST = {0, 0, 1, 1, 1, 1970};
  private static final int[] MOST = {59, 23, 31, 12, 7, 2199};

  private final boolean[][] allowed = new boolean[6][];
  private final List<String> fields;

  NaiveCron(String text) {
    fields = List.of(text.substring("cron(".length(), text.length() - 1).split(" "));
    for (int field = 0; field < fields.size(); field++) {
      allowed[field] = new boolean[MOST[field] + 1];
      if (!fields.get(field).matches(".*[?LW#].*")) {
        for (String item : fields.get(field).split(",")) {
          walk(field, item);
        }
      }
    }
  }

  boolean matches(LocalDateTime at) {
    return allowed[0][at.getMinute()] && allowed[1][at.getHour()] && matches(at.toLocalDate());
  }

  boolean matches(LocalDate date) {
    return date.getYear() >= LEAST[5]
        && date.getYear() <= MOST[5]
        && allowed[5][date.getYear()]
        && allowed[3][date.getMonthValue()]
        && (fields.get(4).equals("?") ? dayOfMonth(date) : dayOfWeek(date));
  }

  private void walk(int field, String item) {
    String[] halves = item.split("/");
    int step = halves.length == 1 ? 1 : Integer.parseInt(halves[1]);
    String[] ends = halves[0].split("-");
    int at = halves[0].equals("*") ? LEAST[field] : Integer.parseInt(ends[0]);
    int end = ends.length == 2 ? Integer.parseInt(ends[1]) : MOST[field];
    if (ends.length == 1 && halves.length == 1 && !halves[0].equals("*")) {
      end = at;
    }
    for (int walked = 0; ; walked++) {
      if (walked % step == 0) {
        allowed[field][at] = true;
      }
      if (at == end) {
        return;
      }
      at = at == MOST[field] ? LEAST[field] : at + 1;
    }
  }

  private boolean dayOfMonth(LocalDate date) {
    String text = fields.get(2);
    LocalDate last = date.with(TemporalAdjusters.lastDayOfMonth());
    if (text.equals("L")) {
      return date.equals(last);
    }
    if (text.equals("LW")) {
      return date.equals(nearest(last));
    }
    if (text.endsWith("W")) {
      int day = Integer.parseInt(text.substring(0, text.length() - 1));
      return day <= last.getDayOfMonth() && date.equals(nearest(date.withDayOfMonth(day)));
    }
    return allowed[2][date.getDayOfMonth()];
  }

  /** The workday that is nearest to a day within its month, by trying all distances. */
  private static LocalDate nearest(LocalDate day) {
    for (int distance = 0; ; distance++) {
      for (LocalDate near : List.of(day.minusDays(distance), day.plusDays(distance))) {
        if (near.getMonth() == day.getMonth() && isWorkday(near)) {
          return near;
        }
      }
    }
  }

  private static boolean isWorkday(LocalDate date) {
    return date.getDayOfWeek() != DayOfWeek.SATURDAY && date.getDayOfWeek() != DayOfWeek.SUNDAY;
  }

  private boolean dayOfWeek(LocalDate date) {
    String text = fields.get(4);
    int weekday = date.getDayOfWeek().getValue() % 7 + 1;
    if (text.equals("L")) {
      return weekday == 7;
    }
    if (text.endsWith("L")) {
      return weekday == text.charAt(0) - '0'
          && !date.plusDays(7).getMonth().equals(date.getMonth());
    }
    if (text.contains("#")) {
      int nth = (date.getDayOfMonth() + 6) / 7;
      return weekday == text.charAt(0) - '0' && nth == text.charAt(2) - '0';
    }
    return allowed[4][weekday];
  }
}
