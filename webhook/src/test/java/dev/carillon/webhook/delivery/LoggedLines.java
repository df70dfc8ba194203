package dev.carillon.webhook.delivery;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What a class logs, until it is closed. */
final class LoggedLines extends Handler implements AutoCloseable {

  private static final SimpleFormatter FORMAT = new SimpleFormatter();

  private final Logger logger;
  private final List<String> lines = new CopyOnWriteArrayList<>();

  private LoggedLines(Logger logger) {
    this.logger = logger;
  }

  static LoggedLines of(Class<?> logging) {
    LoggedLines lines = new LoggedLines(Logger.getLogger(logging.getName()));
    lines.logger.addHandler(lines);
    lines.logger.setUseParentHandlers(false);
    return lines;
  }

  List<String> lines() {
    return lines;
  }

  @Override
  public void publish(LogRecord line) {
    lines.add(FORMAT.formatMessage(line));
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
    logger.setUseParentHandlers(true);
  }
}
