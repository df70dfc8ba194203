package dev.carillon.view.definition;

import dev.carillon.view.definition.Item.Node;
import dev.carillon.view.definition.Query.Block;
import dev.carillon.view.definition.Query.Combined;
import dev.carillon.view.definition.Query.Equality;
import dev.carillon.view.definition.Query.Nested;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Follows a column of the result to the tables: for each, which expression over its row equals the
 * column in every row of the result that the table's row has a part in. Equalities of inner joins
 * are followed both ways, those of outer joins only towards the side that may be missing.
 */
final class KeyTrace {

  /**
   * What was found for a table.
   *
   * @param nulls whether a row has a part in the result even if the expression is NULL
   */
  record Found(Node node, boolean nulls) {}

  private final Map<Item.Base, Found> found = new HashMap<>();

  private KeyTrace() {}

  /** Follows the column at a place of the result. */
  static Map<Item.Base, Found> of(Query query, int column) {
    KeyTrace trace = new KeyTrace();
    trace.query(query, column, Set.of(), true);
    return trace.found;
  }

  private void query(Query query, int column, Set<Node> outside, boolean nulls) {
    switch (query) {
      case Combined combined -> {
        int followed = combined.limited() ? Query.NONE : column;
        combined.branches().forEach(branch -> query(branch, followed, outside, nulls));
      }
      case Block block -> block(block, column, outside, nulls);
    }
  }

  private void block(Block block, int column, Set<Node> outside, boolean nulls) {
    Map<Node, Boolean> known = new LinkedHashMap<>();
    Node root = column < 0 || column >= block.outputs.size() ? null : block.root(column);
    if (root != null) {
      boolean equal =
          block.equalities.stream()
              .anyMatch(e -> !e.forward() && (e.one().equals(root) || e.other().equals(root)));
      known.put(root, nulls && !equal);
    }
    outside.forEach(node -> known.putIfAbsent(node, false));
    spread(block, known);
    for (Item item : block.items) {
      switch (item) {
        case Item.Base base -> base(base, known);
        case Item.Derived derived -> derived(derived, known, outside);
        case Item.Other _ -> {}
      }
    }
    for (Nested nested : block.nested) {
      boolean member = nested.member() != null && known.containsKey(nested.member());
      query(nested.query(), member ? 0 : Query.NONE, known.keySet(), false);
    }
  }

  private static void spread(Block block, Map<Node, Boolean> known) {
    boolean more = true;
    while (more) {
      more = false;
      for (Equality equality : block.equalities) {
        if (known.containsKey(equality.one())) {
          more |= known.putIfAbsent(equality.other(), false) == null;
        } else if (!equality.forward() && known.containsKey(equality.other())) {
          more |= known.putIfAbsent(equality.one(), false) == null;
        }
      }
    }
  }

  private void base(Item.Base base, Map<Node, Boolean> known) {
    known.forEach((node, nulls) -> {
      if (node.item() == base) {
        found.putIfAbsent(base, new Found(node, nulls));
      }
    });
  }

  private void derived(Item.Derived derived, Map<Node, Boolean> known, Set<Node> outside) {
    Set<Node> seen = derived.isLateral() ? known.keySet() : outside;
    for (Map.Entry<Node, Boolean> entry : new HashMap<>(known).entrySet()) {
      String column = entry.getKey().column();
      if (entry.getKey().item() == derived && column != null) {
        query(derived.query(), derived.query().column(column), seen, entry.getValue());
      }
    }
    query(derived.query(), Query.NONE, seen, false);
  }
}
