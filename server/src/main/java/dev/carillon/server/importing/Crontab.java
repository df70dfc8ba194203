package dev.carillon.server.importing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.server.http.Json;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A user's crontab (crontab(5)): a line is five fields or a word such as {@code @daily}, and a
 * command. The command becomes the schedule's input, as {@code {"command": ...}}. {@code CRON_TZ}
 * sets the zone of the lines after it. What cron does where the clocks change is kept: a fixed time
 * that is skipped runs at the end of the gap and one that comes twice runs once; others go by
 * elapsed time. What cron misses it never makes up for.
 */
final class Crontab {

  /** How much of a command a description has. */
  private static final int MAX_DESCRIPTION = 512;

  private static final Pattern VARIABLE =
      Pattern.compile("\\s*([A-Za-z_][A-Za-z0-9_]*)\\s*=\\s*(.*)");
  private static final Pattern WORD = Pattern.compile("(@\\S+)\\s+(.+)");
  private static final Pattern LINE = Pattern.compile("((?:\\S+[ \\t]+){4}\\S+)[ \\t]+(.+)");

  /** A percent sign that is not escaped: what follows is the command's standard input. */
  private static final Pattern PERCENT = Pattern.compile("(?<!\\\\)%");

  private final Defaults defaults;
  private final Names names = new Names();
  private ZoneId zone;
  private String randomDelay = "0";

  private Crontab(Defaults defaults) {
    this.defaults = defaults;
    this.zone = defaults.zone();
  }

  static List<Item> read(String text, Defaults defaults) {
    Crontab crontab = new Crontab(defaults);
    List<Item> items = new ArrayList<>();
    int number = 0;
    for (String line : (Iterable<String>) text.lines()::iterator) {
      number++;
      crontab.item("line " + number, line.strip()).ifPresent(items::add);
    }
    return items;
  }

  private Optional<Item> item(String where, String line) {
    if (line.isEmpty() || line.startsWith("#")) {
      return Optional.empty();
    }
    try {
      Matcher variable = VARIABLE.matcher(line);
      if (variable.matches()) {
        set(variable.group(1), unquoted(variable.group(2).strip()));
        return Optional.empty();
      }
      return Optional.of(schedule(where, line));
    } catch (Unconvertible e) {
      return Optional.of(new Item.Refused(where, e.reason()));
    }
  }

  private void set(String name, String value) throws Unconvertible {
    if (name.equals("CRON_TZ")) {
      zone = Defaults.zone(value);
    }
    if (name.equals("RANDOM_DELAY")) {
      if (!value.matches("\\d{1,4}")) {
        throw new Unconvertible("RANDOM_DELAY must be a number of minutes");
      }
      randomDelay = value;
    }
  }

  private Item schedule(String where, String line) throws Unconvertible {
    // cronie: a minus before the line keeps it out of the log.
    String logged = line.startsWith("-") ? line.substring(1) : line;
    Matcher parts = (logged.startsWith("@") ? WORD : LINE).matcher(logged);
    if (!parts.matches()) {
      throw new Unconvertible("five fields and a command are needed");
    }
    CronLine when = CronLine.read(parts.group(1), Dialect.CRON);
    String command = parts.group(2).strip();
    ObjectNode body = defaults.body(names.ofCommand(command), when.expression(), zone);
    String described = command.replaceAll("\\p{Cntrl}", " ");
    body.put("description", described.substring(0, Math.min(described.length(), MAX_DESCRIPTION)));
    body.set("input", input(command));
    body.put("gap", when.isWild() ? "skip" : "end_of_gap")
        .put("overlap", when.isWild() ? "both" : "first")
        .put("misfire", "skip");
    if (!randomDelay.equals("0")) {
      body.put("jitter", randomDelay + "m");
    }
    return new Item.Ready(where, body, List.of());
  }

  private static ObjectNode input(String command) {
    String[] parts = PERCENT.split(command, 2);
    ObjectNode input = Json.object().put("command", parts[0].replace("\\%", "%").strip());
    if (parts.length == 2) {
      input.put("stdin", PERCENT.matcher(parts[1]).replaceAll("\n").replace("\\%", "%"));
    }
    return input;
  }

  private static String unquoted(String text) {
    boolean quoted = text.length() >= 2 && (isWithin(text, "\"") || isWithin(text, "'"));
    return quoted ? text.substring(1, text.length() - 1) : text;
  }

  private static boolean isWithin(String text, String quote) {
    return text.startsWith(quote) && text.endsWith(quote);
  }
}
