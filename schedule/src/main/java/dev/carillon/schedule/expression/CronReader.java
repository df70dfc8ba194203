package dev.carillon.schedule.expression;

import static java.util.Objects.requireNonNull;

import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads the six fields of {@code cron(...)}. */
final class CronReader {

  private static final String ONE_QUESTION_MARK =
      "Exactly one of day-of-month and day-of-week must be ?: ";
  private static final int FIELDS = CronField.values().length;
  private static final int MAX_NTH = 5;

  private CronReader() {}

  static CronExpression read(String text, Word body) throws Unreadable {
    Map<CronField, Word> words = words(body);
    BitSet minutes = values(words, CronField.MINUTES);
    BitSet hours = values(words, CronField.HOURS);
    Word dayOfMonth = word(words, CronField.DAY_OF_MONTH);
    Word dayOfWeek = word(words, CronField.DAY_OF_WEEK);
    boolean byMonth = !dayOfMonth.is("?");
    CronDays ofMonth = byMonth ? dayOfMonth(dayOfMonth) : null;
    BitSet months = values(words, CronField.MONTH);
    CronDays ofWeek = dayOfWeek.is("?") ? null : dayOfWeek(dayOfWeek);
    BitSet years = values(words, CronField.YEAR);
    if ((ofMonth == null) == (ofWeek == null)) {
      throw dayOfWeek.wrong(ONE_QUESTION_MARK + (byMonth ? "neither is." : "both are."));
    }
    CronDays days = ofMonth == null ? requireNonNull(ofWeek) : ofMonth;
    return new CronExpression(
        text, new CronTimes(bits(minutes), (int) bits(hours)), new CronDates(days, months, years));
  }

  private static Map<CronField, Word> words(Word body) throws Unreadable {
    List<Word> words = body.fields();
    if (words.size() != FIELDS) {
      String message =
          "cron(minutes hours day-of-month month day-of-week year) has %d fields, here are %d."
              .formatted(FIELDS, words.size());
      Word rest = body.from(body.text().length());
      throw (words.size() > FIELDS ? words.get(FIELDS) : rest).wrong(message);
    }
    if (Word.isBlank(body.text().charAt(0))) {
      throw body.wrong("No blank is allowed after the opening (.");
    }
    if (Word.isBlank(body.text().charAt(body.text().length() - 1))) {
      throw body.from(body.text().length() - 1).wrong("No blank is allowed before the closing ).");
    }
    Map<CronField, Word> byField = new EnumMap<>(CronField.class);
    for (CronField field : CronField.values()) {
      byField.put(field, words.get(byField.size()));
    }
    return byField;
  }

  private static Word word(Map<CronField, Word> words, CronField field) {
    return requireNonNull(words.get(field), "every field has a word");
  }

  private static BitSet values(Map<CronField, Word> words, CronField field) throws Unreadable {
    return CronValues.read(field, word(words, field));
  }

  private static CronDays dayOfMonth(Word word) throws Unreadable {
    String text = word.text().toUpperCase(Locale.ROOT);
    if (text.equals("L")) {
      return new CronDays.Last();
    }
    if (text.equals("LW")) {
      return new CronDays.LastWorkday();
    }
    int workday = text.indexOf('W');
    if (workday > 0 && workday == text.length() - 1 && text.indexOf(',') < 0) {
      return new CronDays.NearestWorkday(CronField.DAY_OF_MONTH.value(word.part(0, workday)));
    }
    int special = Math.max(text.indexOf('L'), workday);
    if (special >= 0) {
      throw word.from(special)
          .wrong("day-of-month: L, LW and a day with W, as in 15W, stand alone.");
    }
    return new CronDays.OfMonth((int) (bits(CronValues.read(CronField.DAY_OF_MONTH, word)) << 1));
  }

  private static CronDays dayOfWeek(Word word) throws Unreadable {
    CronField field = CronField.DAY_OF_WEEK;
    String text = word.text().toUpperCase(Locale.ROOT);
    int hash = text.indexOf('#');
    if (hash >= 0) {
      int weekday = field.value(word.part(0, hash)) - field.least();
      return new CronDays.NthOfWeek(weekday, nth(word.from(hash + 1)));
    }
    int last = text.indexOf('L');
    if (last < 0) {
      return new CronDays.OfWeek((int) bits(CronValues.read(field, word)));
    }
    if (last < text.length() - 1 || text.indexOf(',') >= 0) {
      throw word.from(last).wrong("day-of-week: L and a day with L, as in FRIL, stand alone.");
    }
    return last == 0
        ? new CronDays.OfWeek(1 << (field.size() - 1))
        : new CronDays.LastOfWeek(field.value(word.part(0, last)) - field.least());
  }

  private static int nth(Word word) throws Unreadable {
    if (!word.isNumber() || word.number() < 1 || word.number() > MAX_NTH) {
      throw word.wrong(
          "day-of-week: after # comes one number from 1 to %d and nothing else."
              .formatted(MAX_NTH));
    }
    return word.number();
  }

  private static long bits(BitSet values) {
    long[] words = values.toLongArray();
    return words.length == 0 ? 0 : words[0];
  }
}
