package dev.carillon.view.definition;

import dev.carillon.view.definition.Item.Node;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A SELECT as far as it matters for keys: what it reads, and what equals what. */
sealed interface Query {

  /** No such column of a result. */
  int NONE = -1;

  /** The place of a result's column, or {@link #NONE}. */
  int column(String name);

  /** The names of the result's columns that are known. */
  List<String> names();

  /** Several of them by UNION, INTERSECT or EXCEPT. */
  record Combined(List<Query> branches, boolean limited) implements Query {
    @Override
    public int column(String name) {
      boolean plain = branches.stream().noneMatch(Combined::isOpen);
      return plain ? branches.getFirst().column(name) : NONE;
    }

    @Override
    public List<String> names() {
      return branches.getFirst().names();
    }

    private static boolean isOpen(Query branch) {
      return switch (branch) {
        case Block block -> block.isOpen();
        case Combined combined -> combined.branches.stream().anyMatch(Combined::isOpen);
      };
    }
  }

  /**
   * A column of a result.
   *
   * @param node what it is; null if it is not an expression over one item
   */
  record Output(String name, @Nullable Node node) {}

  /**
   * An equality that must hold.
   *
   * @param forward whether only the second is known by the first: the second may be missing
   */
  record Equality(Node one, Node other, boolean forward) {}

  /**
   * A subquery in an expression.
   *
   * @param member what must be among its rows; null if it is not of that kind
   */
  record Nested(Query query, @Nullable Node member) {}

  /** One SELECT. */
  final class Block implements Query {
    final List<Item> items = new ArrayList<>();
    final List<Output> outputs = new ArrayList<>();
    final List<Equality> equalities = new ArrayList<>();
    final List<Nested> nested = new ArrayList<>();
    // A row of the result depends on rows that agree in all of these, each of them a list.
    final List<List<Node>> partitions = new ArrayList<>();
    final List<Item.Base> open = new ArrayList<>();
    boolean mixed;

    boolean isOpen() {
      return !open.isEmpty();
    }

    @Override
    public int column(String name) {
      for (int i = 0; i < outputs.size(); i++) {
        if (outputs.get(i).name().equals(name)) {
          return i;
        }
      }
      if (open.size() != 1) {
        return NONE;
      }
      outputs.add(new Output(name, new Node(open.getFirst(), Names.quoted(name), name)));
      return outputs.size() - 1;
    }

    @Override
    public List<String> names() {
      return outputs.stream().map(Output::name).distinct().toList();
    }

    /** What a column is, if all of its rows' fate hangs on rows that agree in it. */
    @Nullable Node root(int column) {
      Node node = outputs.get(column).node();
      boolean alone =
          node != null
              && !mixed
              && !node.item().canBeMissing()
              && partitions.stream().allMatch(partition -> partition.contains(node));
      return alone ? node : null;
    }
  }
}
