package dev.carillon.webhook.endpoint;

import dev.carillon.postgres.Statements;
import dev.carillon.webhook.endpoint.Endpoint.Disabled;
import dev.carillon.webhook.sign.SignatureKind;
import java.net.URI;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/**
 * The table of endpoints, within a transaction of the caller's. Every write makes a new revision.
 *
 * @param vault encrypts client keys
 */
record EndpointTable(Vault vault) {

  private static final Statements SQL = Statements.beside(EndpointTable.class, "endpoints.sql");
  private static final String RENAMING = "renaming";
  private static final String UNIQUE_VIOLATION = "23505";

  /**
   * An endpoint that is not there yet.
   *
   * @param id its id
   * @param settings what was chosen of it
   * @param signature what its key signs with
   * @param disabled why nothing is sent yet; null if it is enabled
   */
  record Draft(
      UUID id, EndpointSettings settings, SignatureKind signature, @Nullable Disabled disabled) {}

  int count(Handle handle) {
    return handle.createQuery(SQL.get("count")).mapTo(Integer.class).one();
  }

  /** Adds an endpoint; empty if its name is taken. */
  Optional<Endpoint> insert(Handle handle, Draft draft, Instant now) {
    Disabled disabled = draft.disabled();
    return EndpointRows.bind(
            handle.createQuery(SQL.get("insert")), draft.id(), draft.settings(), vault)
        .bind("signature", draft.signature().spelled())
        .bind("disabled_at", disabled == null ? null : disabled.at())
        .bind("disabled_reason", disabled == null ? null : disabled.reason())
        .bind("now", now)
        .map((row, _) -> EndpointRows.read(row))
        .findOne();
  }

  Optional<Endpoint> find(Handle handle, UUID id) {
    return one(handle.createQuery(SQL.get("find")).bind("id", id));
  }

  Optional<Endpoint> find(Handle handle, String name) {
    return one(handle.createQuery(SQL.get("find_by_name")).bind("name", name));
  }

  /** Reads an endpoint, which then stands still until the transaction ends. */
  Optional<Endpoint> lock(Handle handle, UUID id) {
    return one(handle.createQuery(SQL.get("lock")).bind("id", id));
  }

  /** The same by its name. */
  Optional<Endpoint> lock(Handle handle, String name) {
    return one(handle.createQuery(SQL.get("lock_by_name")).bind("name", name));
  }

  List<Endpoint> list(Handle handle, @Nullable UUID before, int limit) {
    return handle
        .createQuery(SQL.get("list"))
        .bind("before", before)
        .bind("limit", limit)
        .map((row, _) -> EndpointRows.read(row))
        .list();
  }

  /** Writes what was chosen; empty if the name is taken. */
  Optional<Endpoint> update(Handle handle, UUID id, EndpointSettings settings, Instant now) {
    Query update =
        EndpointRows.bind(handle.createQuery(SQL.get("update")), id, settings, vault)
            .bind("now", now);
    handle.savepoint(RENAMING);
    try {
      return one(update);
    } catch (UnableToExecuteStatementException e) {
      if (!isTakenName(e)) {
        throw e;
      }
      handle.rollbackToSavepoint(RENAMING);
      return Optional.empty();
    }
  }

  /** Notes that the keys are others, of this kind. */
  Endpoint rotated(Handle handle, UUID id, SignatureKind signature, Instant now) {
    return one(handle
            .createQuery(SQL.get("rotated"))
            .bind("id", id)
            .bind("signature", signature.spelled())
            .bind("now", now))
        .orElseThrow();
  }

  /** Disables; empty if it was disabled already. */
  Optional<Endpoint> disable(Handle handle, UUID id, Disabled disabled) {
    return one(
        handle
            .createQuery(SQL.get("disable"))
            .bind("id", id)
            .bind("reason", disabled.reason())
            .bind("now", disabled.at()));
  }

  /** Enables; empty if it was enabled already. */
  Optional<Endpoint> enable(Handle handle, UUID id, Instant now) {
    return one(handle.createQuery(SQL.get("enable")).bind("id", id).bind("now", now));
  }

  /** Makes it an endpoint of the settings; its keys were rotated before. */
  Endpoint manage(Handle handle, UUID id, URI url) {
    return one(EndpointRows.bindUrl(handle.createQuery(SQL.get("manage")), url).bind("id", id))
        .orElseThrow();
  }

  /** Makes all endpoints the API's; returns how many were the settings'. */
  int release(Handle handle, Instant now) {
    return handle.createUpdate(SQL.get("release")).bind("now", now).execute();
  }

  void delete(Handle handle, UUID id) {
    handle.createUpdate(SQL.get("delete")).bind("id", id).execute();
  }

  private static Optional<Endpoint> one(Query query) {
    return query.map((row, _) -> EndpointRows.read(row)).findOne();
  }

  private static boolean isTakenName(UnableToExecuteStatementException e) {
    return e.getCause() instanceof SQLException cause
        && UNIQUE_VIOLATION.equals(cause.getSQLState());
  }
}
