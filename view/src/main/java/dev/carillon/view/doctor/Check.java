package dev.carillon.view.doctor;

import java.util.List;
import org.jdbi.v3.core.Handle;

/** One thing that is looked at. It reads, and changes nothing. */
interface Check {

  /** The most findings of one check, the worst first: nobody reads more at once. */
  int MAX_FINDINGS = 20;

  /** What it is called, as in {@code unused-indexes}. */
  String name();

  /** Why it matters, in one sentence. */
  String reason();

  /** What is said when nothing was found. */
  String allWell();

  /** Looks, in a transaction that only reads; empty if all is well. */
  List<Advice> look(Handle handle);
}
