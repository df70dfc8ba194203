package dev.carillon.view.definition;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.sf.jsqlparser.JSQLParserException;
import net.sf.jsqlparser.parser.CCJSqlParser;
import net.sf.jsqlparser.parser.CCJSqlParserConstants;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.parser.Token;
import net.sf.jsqlparser.parser.TokenMgrException;
import net.sf.jsqlparser.statement.Statement;
import net.sf.jsqlparser.statement.select.Select;

/** The query of a view, read. */
public sealed interface ViewQuery {

  /** The longest query that is read, in characters. */
  int MAX_LENGTH = 100_000;

  /**
   * A query that one may make a view of.
   *
   * @param text the query as it was written, without the semicolon at its end
   * @param canonical the same query as the reader understood it
   * @param analysis what it is made of
   */
  record Valid(String text, String canonical, Analysis analysis) implements ViewQuery {

    public Valid {
      requireNonNull(text, "text is null");
      requireNonNull(canonical, "canonical is null");
      requireNonNull(analysis, "analysis is null");
    }

    /**
     * The query with each part replaced by its live view.
     *
     * @param liveName what the live view of a part is called in SQL, by the part's number from 1
     */
    public String readQuery(IntFunction<String> liveName) {
      Select select = QueryReader.select(text);
      new Survey(liveName).of(select);
      return select.toString();
    }

    /**
     * Whether the view can be kept by its keys, as far as the query itself says.
     *
     * @param key the columns that tell its rows apart, unquoted; empty to find them
     */
    public KeyedReading keyed(List<String> key) {
      return new KeyedReader(QueryReader.select(text)).read(key);
    }
  }

  /**
   * A text that no view can be made of.
   *
   * @param position where the trouble begins, in characters from 1
   * @param reason what the trouble is
   */
  record Invalid(int position, String reason) implements ViewQuery {

    public Invalid {
      requireNonNull(reason, "reason is null");
    }
  }

  /** Reads a query. Never throws, whatever the text. */
  static ViewQuery parse(String sql) {
    return QueryReader.read(sql);
  }

  /** Turns text into a query, or says why it is none. */
  final class QueryReader {

    private static final Pattern PLACE = Pattern.compile("at line (\\d+), column (\\d+)");
    private static final Pattern UNEXPECTED =
        Pattern.compile("unexpected token: \"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern COLLATION = Pattern.compile("(?i)\\bcollate\\s*");

    private QueryReader() {}

    private static ViewQuery read(String sql) {
      String text = sql.strip();
      if (text.length() > MAX_LENGTH) {
        return new Invalid(
            MAX_LENGTH, "the query is longer than %d characters".formatted(MAX_LENGTH));
      }
      if (text.indexOf('\0') >= 0) {
        return new Invalid(text.indexOf('\0') + 1, "the query has a null character");
      }
      try {
        CCJSqlParser parser = CCJSqlParserUtil.newParser(text);
        Statement statement = CCJSqlParserUtil.parse(text);
        return statement == null
            ? new Invalid(1, "the query is empty")
            : read(text, statement, parser);
      } catch (JSQLParserException | TokenMgrException e) {
        return unreadable(text, String.valueOf(e.getMessage()));
      } catch (StackOverflowError e) {
        return new Invalid(1, "the query is nested too deeply");
      }
    }

    private static ViewQuery read(String text, Statement statement, CCJSqlParser parser) {
      int end = text.length();
      for (Token token = parser.getNextToken();
          token.kind != CCJSqlParserConstants.EOF;
          token = parser.getNextToken()) {
        if (token.kind == CCJSqlParserConstants.ST_SEMICOLON) {
          end = position(text, token.beginLine, token.beginColumn) - 1;
          if (parser.getNextToken().kind != CCJSqlParserConstants.EOF) {
            return new Invalid(
                end + 1, "a view is made of one statement, and a second one follows");
          }
          break;
        }
      }
      int ended = Lexis.end(text);
      if (ended < end) {
        return new Invalid(
            ended + 1, "a view is made of one statement, and for the database it ends here");
      }
      String query = text.substring(0, end).strip();
      if (!(statement instanceof Select select)) {
        return new Invalid(1, "a view is made of a SELECT, not of another statement");
      }
      Optional<String> refusal = Refusals.in(select);
      return refusal.isPresent()
          ? new Invalid(1, refusal.get())
          : new Valid(query, select.toString(), Analysis.of(select(query), select(query)));
    }

    private static Select select(String query) {
      try {
        return (Select) CCJSqlParserUtil.parse(query);
      } catch (JSQLParserException e) {
        throw new IllegalStateException("a query that was read cannot be read again", e);
      }
    }

    private static ViewQuery unreadable(String text, String message) {
      Matcher place = PLACE.matcher(message);
      int position =
          place.find()
              ? position(text, Integer.parseInt(place.group(1)), Integer.parseInt(place.group(2)))
              : 1;
      if (isCollated(text, position - 1)) {
        return new Invalid(
            position,
            "COLLATE cannot be read here: give the column its collation where it is declared, or in an ordinary view that the query reads");
      }
      Matcher token = UNEXPECTED.matcher(message);
      return new Invalid(
          position,
          token.find()
              ? "the query cannot be read from %s on".formatted(quoted(token.group(1)))
              : "the query cannot be read");
    }

    /** A name that is quoted itself needs no quotes around it. */
    private static String quoted(String escaped) {
      String token = escaped.replace("\\\"", "\"");
      return token.startsWith("\"") ? token : '"' + token + '"';
    }

    /** Whether a word is COLLATE, or follows it, which the reader may have taken for a name. */
    private static boolean isCollated(String text, int index) {
      return COLLATION
          .matcher(text)
          .results()
          .anyMatch(found -> found.start() == index || found.end() == index);
    }

    private static int position(String text, int line, int column) {
      int start = 0;
      for (int i = 1; i < line && text.indexOf('\n', start) >= 0; i++) {
        start = text.indexOf('\n', start) + 1;
      }
      return Math.min(start + column, Math.max(1, text.length()));
    }
  }
}
