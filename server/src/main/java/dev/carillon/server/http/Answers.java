package dev.carillon.server.http;

import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.statement.StatementException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisException;

/** Turns whatever a request ended with into a problem document. */
public final class Answers {

  private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

  /** PostgreSQL's word for a statement that ran longer than it might (manual, appendix A). */
  private static final String CANCELED = "57014";

  private static final String CHALLENGE = "Bearer realm=\"carillon\"";

  /** A problem that was foreseen. */
  @ServerExceptionMapper
  public Response problem(ProblemException e, RoutingContext request) {
    return answer(e.problem(), request);
  }

  /** A request that the framework cannot route or read. */
  @ServerExceptionMapper
  public Response framework(WebApplicationException e, RoutingContext request) {
    int status = e.getResponse().getStatus();
    if (status < 400) {
      return e.getResponse();
    }
    Response answer = answer(Problem.of(status, detail(status)), request);
    Object allow = e.getResponse().getHeaders().getFirst(HttpHeaders.ALLOW);
    return allow == null
        ? answer
        : Response.fromResponse(answer).header(HttpHeaders.ALLOW, allow).build();
  }

  /** The database cannot be reached. */
  @ServerExceptionMapper
  public Response database(ConnectionException e, RoutingContext request) {
    LOG.error("request {}: no connection to the database: {}", Trace.idOf(request), cause(e));
    return answer(Problem.of(503, "the database cannot be reached at the moment"), request);
  }

  /** A statement that took longer than it may is no fault: the same of less may do. */
  @ServerExceptionMapper
  public Response statement(StatementException e, RoutingContext request) {
    if (e.getCause() instanceof SQLException cause && CANCELED.equals(cause.getSQLState())) {
      return answer(
          Problem.of(503, "the database needs too long for this: ask for less, or later"), request);
    }
    return fault(e, request);
  }

  /** Redis, where the refresh requests are, cannot be reached. */
  @ServerExceptionMapper
  public Response redis(JedisException e, RoutingContext request) {
    LOG.error("request {}: Redis: {}", Trace.idOf(request), e.getClass().getSimpleName());
    return answer(Problem.of(503, "the queue cannot be reached at the moment"), request);
  }

  /** A fault: the log has it, the caller does not. */
  @ServerExceptionMapper
  public Response fault(Throwable e, RoutingContext request) {
    LOG.error("request {} failed", Trace.idOf(request), e);
    return answer(
        Problem.of(500, "something failed here; the request_id finds it in the log"), request);
  }

  private static Response answer(Problem problem, RoutingContext request) {
    Response.ResponseBuilder response =
        Response.status(problem.status())
            .type(Problem.MEDIA_TYPE)
            .entity(problem.json(Trace.pathOf(request), Trace.idOf(request)));
    return switch (problem.status()) {
      case 401 -> response.header(HttpHeaders.WWW_AUTHENTICATE, CHALLENGE).build();
      case 413 -> {
        Trace.closeAfter(request);
        yield response.build();
      }
      case 503 -> response.header(HttpHeaders.RETRY_AFTER, "5").build();
      default -> response.build();
    };
  }

  private static String cause(ConnectionException e) {
    return e.getCause() instanceof SQLTransientException cause
        ? String.valueOf(cause.getMessage())
        : String.valueOf(e.getMessage());
  }

  private static String detail(int status) {
    return switch (status) {
      case 404 -> "there is nothing at this path; GET /openapi lists what there is";
      case 405 -> "this path has no such method";
      case 406 -> "the answer is application/json: the Accept header must allow it";
      case 415 -> "the body must be sent with Content-Type: application/json";
      default -> "the request cannot be read";
    };
  }
}
