package dev.carillon.view.capture;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Runs SQL that has expressions of a user's query in it, just as it is: a colon or a question mark
 * in it is no parameter.
 */
public final class RawSql {

  /** A column of a result. */
  public record ResultColumn(String name, String type) {}

  private RawSql() {}

  /** Runs one or several statements. */
  public static void execute(Handle handle, String sql) {
    try (Statement statement = statement(handle)) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new SqlRefusal(e);
    }
  }

  /** The columns of a query's result. */
  public static List<ResultColumn> columns(Handle handle, String sql) {
    try (Statement statement = statement(handle);
        ResultSet rows = statement.executeQuery(sql)) {
      ResultSetMetaData data = rows.getMetaData();
      List<ResultColumn> columns = new ArrayList<>();
      for (int i = 1; i <= data.getColumnCount(); i++) {
        columns.add(new ResultColumn(data.getColumnLabel(i), data.getColumnTypeName(i)));
      }
      return columns;
    } catch (SQLException e) {
      throw new SqlRefusal(e);
    }
  }

  /** The first column of a query's result. */
  public static List<String> lines(Handle handle, String sql) {
    try (Statement statement = statement(handle);
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> lines = new ArrayList<>();
      while (rows.next()) {
        lines.add(rows.getString(1));
      }
      return lines;
    } catch (SQLException e) {
      throw new SqlRefusal(e);
    }
  }

  private static Statement statement(Handle handle) throws SQLException {
    Statement statement = handle.getConnection().createStatement();
    statement.setEscapeProcessing(false);
    return statement;
  }
}
