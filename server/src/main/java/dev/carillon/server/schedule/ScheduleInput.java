package dev.carillon.server.schedule;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.schedule.Definition;
import dev.carillon.schedule.Names;
import dev.carillon.schedule.TargetChoice;
import dev.carillon.schedule.Timing;
import dev.carillon.server.http.JsonFields;
import dev.carillon.server.http.Problem;
import dev.carillon.server.http.ProblemException;
import dev.carillon.server.performing.ScheduleTargets;
import dev.carillon.time.TimeZones;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a request wants of a schedule. */
final class ScheduleInput {

  /** The fields beside those of {@link TimingInput} and {@link PoliciesInput}. */
  static final Set<String> FIELDS =
      Set.of("group", "name", "description", "tags", "target", "input");

  static final String KIND = "kind";

  /** How JSON writes what the database cannot keep. */
  private static final String NUL = "\\u0000";

  private static final String TARGET_ALLOWED =
      "an object with a kind, such as {\"kind\": \"webhook\"}";

  private final Given given;
  private final TimingInput timing;
  private final PoliciesInput policies;
  private final @Nullable String group;
  private final @Nullable String name;
  private final @Nullable String description;
  private final @Nullable List<String> tags;
  private final @Nullable String input;
  private final @Nullable TargetChoice target;

  /**
   * Reads the fields; what is wrong is kept in them.
   *
   * @param targets what a schedule may do; empty if nobody knows at the moment
   * @throws ProblemException 503 if a target or an input is given, and nobody knows what is right
   */
  ScheduleInput(JsonFields fields, TimeZones zones, Supplier<Optional<ScheduleTargets>> targets) {
    this.given = new Given(fields);
    this.timing = new TimingInput(fields, zones);
    this.policies = new PoliciesInput(fields);
    this.group = fields.optional("group", Names.ALLOWED, ScheduleInput::name);
    this.name = fields.optional("name", Names.ALLOWED, ScheduleInput::name);
    this.description =
        fields.optional(
            "description",
            "a text of at most %d characters".formatted(Definition.MAX_DESCRIPTION_LENGTH),
            text -> plain(text, 0, Definition.MAX_DESCRIPTION_LENGTH));
    this.tags =
        given.list(
            "tags",
            Definition.MAX_TAGS,
            "a text of 1 to %d characters".formatted(Definition.MAX_TAG_LENGTH),
            text -> plain(text.strip(), 1, Definition.MAX_TAG_LENGTH));
    this.input = input(fields, targets);
    this.target = target(fields, targets);
    given.refuseNull("name");
    given.refuseNull("target");
  }

  /**
   * What a new schedule is.
   *
   * @throws ProblemException 400 if anything of it is wrong or missing
   */
  Definition made() {
    given.need("name", Names.ALLOWED);
    given.need("target", TARGET_ALLOWED);
    Timing times = timing.made();
    return changed(Definition.of(requireNonNull(name), times, requireNonNull(target)));
  }

  /**
   * What a change makes of a schedule.
   *
   * @throws ProblemException 400 if it is wrong, or does not fit it
   */
  Definition changed(Definition old) {
    Timing times = timing.changed(old.timing());
    TargetChoice before = target == null ? old.target() : target;
    return new Definition(
        given.chosen("group", group, old.group(), Definition.DEFAULT_GROUP),
        name == null ? old.name() : name,
        given.chosen("description", description, old.description(), ""),
        given.chosen("tags", tags, old.tags(), List.of()),
        times,
        policies.changed(old.policies()),
        new TargetChoice(
            before.kind(),
            before.settings(),
            given.chosenOrNone("input", input, old.target().input())));
  }

  private static Optional<String> name(String text) {
    return Optional.of(text).filter(Names::isName);
  }

  private static Optional<String> plain(String text, int least, int most) {
    boolean good = text.length() >= least && text.length() <= most;
    return good && text.chars().noneMatch(Character::isISOControl)
        ? Optional.of(text)
        : Optional.empty();
  }

  /** A template; what is not a text is one as JSON. */
  static @Nullable String input(JsonFields fields, Supplier<Optional<ScheduleTargets>> targets) {
    JsonNode value = fields.any("input");
    if (value == null) {
      return null;
    }
    String text = value.isTextual() ? value.textValue() : value.toString();
    if (text.length() > TargetChoice.MAX_INPUT_LENGTH || text.indexOf('\0') >= 0) {
      fields.error(
          "input",
          "must have at most %d characters, none of them NUL"
              .formatted(TargetChoice.MAX_INPUT_LENGTH));
      return null;
    }
    Optional<String> problem = known(targets).inputProblem(text);
    problem.ifPresent(told -> fields.error("input", told));
    return problem.isPresent() ? null : text;
  }

  private static @Nullable TargetChoice target(
      JsonFields fields, Supplier<Optional<ScheduleTargets>> targets) {
    ObjectNode settings = fields.object("target");
    if (settings == null) {
      return null;
    }
    ObjectNode rest = settings.deepCopy();
    JsonNode kind = rest.remove(KIND);
    String named = kind != null && kind.isTextual() ? kind.textValue() : "";
    Optional<String> problem =
        rest.toString().contains(NUL)
            ? Optional.of("must not contain NUL characters")
            : known(targets).problem(named, rest);
    problem.ifPresent(told -> fields.error("target", told));
    return problem.isPresent() ? null : new TargetChoice(named, rest, null);
  }

  private static ScheduleTargets known(Supplier<Optional<ScheduleTargets>> targets) {
    return targets
        .get()
        .orElseThrow(
            () -> new ProblemException(Problem.of(503, "the process is starting or stopping")));
  }
}
