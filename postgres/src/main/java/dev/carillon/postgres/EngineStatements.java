package dev.carillon.postgres;

/** The statements of {@code engine.sql}. */
final class EngineStatements {

  static final Statements SQL = Statements.beside(EngineStatements.class, "engine.sql");

  private EngineStatements() {}
}
