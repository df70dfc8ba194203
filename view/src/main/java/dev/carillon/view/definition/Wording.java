package dev.carillon.view.definition;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import net.sf.jsqlparser.parser.CCJSqlParser;
import net.sf.jsqlparser.parser.CCJSqlParserConstants;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.parser.Token;

/** The words of a query, whatever they stand in: what calls a function, and how many SELECTs. */
final class Wording {

  /** These are called without parentheses. */
  private static final Set<String> BARE =
      Set.of(
          "current_date",
          "current_time",
          "current_timestamp",
          "localtime",
          "localtimestamp",
          "current_user",
          "session_user",
          "current_role",
          "current_catalog",
          "current_schema",
          "user",
          "system_user");

  private final List<String> words = new ArrayList<>();

  Wording(String sql) {
    CCJSqlParser parser = CCJSqlParserUtil.newParser(sql);
    for (Token token = parser.getNextToken();
        token.kind != CCJSqlParserConstants.EOF;
        token = parser.getNextToken()) {
      words.add(token.image);
    }
  }

  /** Whether an unquoted name is no column but calls a function. */
  static boolean isBareCall(String name) {
    return BARE.contains(name);
  }

  int selects() {
    return (int) words.stream().filter(word -> word.equalsIgnoreCase("select")).count();
  }

  /** Something that gives another answer each time. */
  Optional<String> unsteady() {
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i).toLowerCase(Locale.ROOT);
      boolean qualified = i > 0 && words.get(i - 1).equals(".");
      boolean bare = !qualified && BARE.contains(word.replace("()", ""));
      if (bare || (isCall(i) && Aggregates.isUnsteady(lastName(word)))) {
        return Optional.of(word);
      }
    }
    return Optional.empty();
  }

  /** What stands before a parenthesis: functions, and more. */
  Set<String> calls() {
    Set<String> found = new HashSet<>();
    for (int i = 0; i < words.size(); i++) {
      if (isCall(i)) {
        found.add(lastName(Names.bare(words.get(i))));
      }
    }
    return found;
  }

  private boolean isCall(int index) {
    return index + 1 < words.size()
        && words.get(index + 1).equals("(")
        && words.get(index).matches("(?s)[\\p{L}_\"].*");
  }

  private static String lastName(String name) {
    return name.replace("\"", "").substring(name.replace("\"", "").lastIndexOf('.') + 1);
  }
}
