package dev.carillon.view.capture;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * A table that a view reads, with all its partitions, and the triggers on each.
 *
 * @param members the table itself first
 * @param names changes when something is renamed or remade that the capture's text is made of
 * @param made whether the capture's function is made of the names as they are
 */
public record SourceTree(List<Member> members, String names, boolean made) {

  /** One trigger for each kind of change. */
  static final int TRIGGERS = 4;

  /**
   * A table of the tree.
   *
   * @param name its name in SQL
   * @param kind as {@code pg_class.relkind} says
   * @param lasting whether it outlives a crash
   * @param secured whether it has row level security, so that not all readers see the same rows
   * @param subscribed whether logical replication writes to it, which fires no statement triggers
   * @param triggers how many of ours fire always
   * @param stamp changes when the table is attached or detached, or a trigger is touched
   */
  public record Member(
      long oid,
      boolean root,
      String name,
      String kind,
      boolean lasting,
      boolean secured,
      boolean subscribed,
      int triggers,
      String stamp) {

    boolean isForeign() {
      return kind.equals("f");
    }

    boolean isWhole() {
      return triggers == TRIGGERS;
    }

    private Optional<String> gap() {
      if (isForeign()) {
        return Optional.of(name + " is a foreign table: what others write there is not seen");
      }
      if (!lasting) {
        return Optional.of(name + " is not logged: a crash empties it, and no trigger sees that");
      }
      if (secured) {
        return Optional.of(name + " has row level security: a count anew may not see all rows");
      }
      if (subscribed) {
        return Optional.of(name + " is written by a subscription, which fires no triggers");
      }
      return isWhole()
          ? Optional.empty()
          : Optional.of("a trigger on " + name + " is missing or disabled");
    }
  }

  public SourceTree {
    members = List.copyOf(members);
    requireNonNull(names, "names is null");
  }

  private record Seen(Member member, String names, boolean made) {}

  /** Looks at a table and its partitions. */
  public static SourceTree of(Handle handle, Capture capture) {
    List<Seen> seen =
        handle
            .createQuery(Capture.SQL.get("tree"))
            .bind("source", capture.source())
            .bind("capture", capture.function())
            .bind("rows", capture.rows())
            .map((row, _) -> new Seen(member(row), row.getString("names"), row.getBoolean("made")))
            .list();
    return new SourceTree(
        seen.stream().map(Seen::member).toList(),
        seen.isEmpty() ? "" : seen.getFirst().names(),
        !seen.isEmpty() && seen.getFirst().made());
  }

  private static Member member(ResultSet row) throws SQLException {
    return new Member(
        row.getLong("rel"),
        row.getBoolean("root"),
        row.getString("name"),
        row.getString("kind"),
        row.getString("persistence").equals("p"),
        row.getBoolean("secured"),
        row.getBoolean("subscribed"),
        row.getInt("triggers"),
        row.getString("stamp"));
  }

  /** The table itself; empty if it is gone. */
  public Optional<Member> root() {
    return members.stream().filter(Member::root).findFirst();
  }

  /** Whether rows may be in other tables of the tree, which come and go. */
  public boolean isPartitioned() {
    return members.size() > 1 || root().filter(root -> root.kind().equals("p")).isPresent();
  }

  /** What is not seen, if anything. */
  public Optional<String> gap() {
    Stream<String> gone = root().isEmpty() ? Stream.of("the table is gone") : Stream.empty();
    Stream<String> renamed =
        made ? Stream.empty() : Stream.of("a name that its triggers use was changed");
    return Stream.of(gone, members.stream().flatMap(member -> member.gap().stream()), renamed)
        .flatMap(reasons -> reasons)
        .findFirst();
  }

  /** A short text that differs when anything that matters was touched. */
  public String fingerprint() {
    String all =
        members.stream().map(Member::stamp).collect(Collectors.joining("\n")) + "\n" + names;
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(all.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
