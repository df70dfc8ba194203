package dev.carillon.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code carillon job}. */
@Command(
    name = "job",
    mixinStandardHelpOptions = true,
    description = "See how far scan jobs are, and how fresh that is.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {JobCommand.All.class, JobCommand.Show.class, JobWatchCommand.class})
final class JobCommand implements Runnable {

  static final String JOBS = "/v1/jobs";

  private static final int INVALID = 2;
  private static final int MOST = 500;

  @Override
  public void run() {
    throw new CommandFailed(INVALID, "a command is needed: see carillon job --help");
  }

  /** Which job, and whether it is counted. */
  static final class One {

    @Parameters(index = "0", paramLabel = "ID", description = "which job")
    private String id = "";

    @Mixin private Counted counted = new Counted();

    String path() {
      return JOBS + "/" + ServerClient.encoded(id) + counted.query("?");
    }
  }

  /** Whether jobs are counted. */
  static final class Counted {

    @Option(names = "--real-time", description = "count, instead of asking the view")
    private boolean counted;

    String query(String before) {
      return counted ? before + "real_time=true" : "";
    }
  }

  /** {@code carillon job list}. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List jobs, the newest first, and how far each is.")
  static final class All extends Verb {

    @Option(
        names = "--limit",
        paramLabel = "N",
        defaultValue = "20",
        description = "at most so many, 1 to " + MOST + " (${DEFAULT-VALUE})")
    private int limit;

    @Option(
        names = "--status",
        paramLabel = "STATUS[,STATUS]",
        defaultValue = "",
        description = "only these: listing, processing, completed, failed, aborted")
    private String status = "";

    @Option(
        names = "--bucket",
        paramLabel = "NAME",
        defaultValue = "",
        description = "only those of this bucket")
    private String bucket = "";

    @Mixin private Counted counted = new Counted();

    @Override
    JsonNode ask(ServerClient client) {
      if (limit < 1 || limit > MOST) {
        throw new CommandFailed(
            INVALID, "--limit: a number from 1 to %d is allowed".formatted(MOST));
      }
      return client.get(
          JOBS
              + "?limit="
              + limit
              + filter("status", status)
              + filter("bucket", bucket)
              + counted.query("&"));
    }

    private static String filter(String name, String value) {
      return value.isEmpty() ? "" : "&%s=%s".formatted(name, ServerClient.encoded(value));
    }

    @Override
    void print(JsonNode answer, ServerOptions to) {
      Table table =
          new Table(
              "ID", "BUCKET", "STATUS", "DONE", "OBJECTS", "FAILED", "FINDINGS", "FROM", "AS OF");
      for (JsonNode job : answer.path("jobs")) {
        table.add(
            job.path("job_id").asText(),
            job.path("bucket").asText() + "/" + job.path("prefix").asText(),
            job.path("status").asText(),
            job.path("progress_percent").asText() + " %",
            job.path("total").asText(),
            job.path("failed").asText(),
            job.path("total_findings").asText(),
            job.path("data_source").asText(),
            job.path("as_of").asText());
      }
      table.print(to.out());
      if (answer.path("has_more").asBoolean()) {
        to.out().println("and there may be more: --limit");
      }
    }
  }

  /** {@code carillon job show}. */
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Show how far a job is, and how fresh that is.")
  static final class Show extends Verb {

    @Mixin private One job = new One();

    @Override
    JsonNode ask(ServerClient client) {
      return client.get(job.path());
    }

    @Override
    void print(JsonNode answer, ServerOptions to) {
      Table.printFields(to.out(), answer);
    }
  }
}
