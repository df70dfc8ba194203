package dev.carillon.bench.views;

/** A way to keep the view of jobs. */
enum Form {
  /** Filled anew as a whole. */
  FILLED("REFRESH CONCURRENTLY"),
  /** Exact at every read; what changed is folded now and then. */
  LEDGER("ledger"),
  /** Counted again for the jobs that were touched. */
  KEYED("keyed");

  private final String title;

  Form(String title) {
    this.title = title;
  }

  /** What tables call it. */
  String title() {
    return title;
  }
}
