package dev.carillon.server.command;

import picocli.CommandLine.Parameters;

/** Which schedule a command is about. */
final class ScheduleRef {

  static final String SCHEDULES = "/v1/schedules";

  @Parameters(
      paramLabel = "SCHEDULE",
      description = "its id, its name, or GROUP/NAME where the group is not default")
  private String ref = "";

  /** The schedule's path, or one below it. */
  String path(String below) {
    int slash = ref.indexOf('/');
    String name = ServerClient.encoded(ref.substring(slash + 1));
    String group = slash < 0 ? "" : "?group=" + ServerClient.encoded(ref.substring(0, slash));
    if (name.isEmpty()) {
      throw new CommandFailed(2, "SCHEDULE: an id, a NAME or GROUP/NAME is allowed");
    }
    return SCHEDULES + "/" + name + below + group;
  }

  /** The same with a query of more parameters. */
  String path(String below, String query) {
    String path = path(below);
    return path + (path.contains("?") ? "&" : "?") + query;
  }
}
