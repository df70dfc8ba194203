package dev.carillon.schedule.target;

import dev.carillon.postgres.Statements;

/** What the statements of tests work on. */
final class BookingTable {

  static final Statements SQL = Statements.beside(BookingTable.class, "booking.sql");

  private BookingTable() {}
}
