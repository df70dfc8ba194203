package dev.carillon.testkit.clash;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** What the API answers to a call that is in trouble. */
final class TroubleReplies {

  private static final String OTHER_TAG = "#8QQQQQQ";

  private TroubleReplies() {}

  /**
   * The answer.
   *
   * @param normal what would have been answered
   */
  static Reply reply(Trouble trouble, String path, Reply normal) {
    return switch (trouble) {
      case NONE, SLOW, DRIPPING, SILENT, RESET -> normal;
      case NOT_FOUND -> GameApi.notFound();
      case PRIVATE_WAR_LOG -> GameApi.privateWarLog();
      case INVALID_IP -> invalidIp("198.51.100.7");
      case INVALID_KEY -> invalidKey();
      case FORBIDDEN -> Reply.error(403, "accessDenied.geography", "Not from here");
      case BAD_REQUEST -> Reply.error(400, "badRequest", "Invalid value");
      case TOO_FAST -> tooFast();
      case TOO_FAST_FOR_A_WHILE -> tooFast().with("Retry-After", seconds());
      case MAINTENANCE ->
          Reply.error(
              503, "inMaintenance", "API is currently in maintenance, please come back later");
      case MAINTENANCE_PAGE -> Reply.page(503, "Be right back").with("Retry-After", seconds());
      case ERROR -> Reply.error(500, "unknownException", "Unknown exception");
      case BAD_GATEWAY -> Reply.page(502, "Bad Gateway");
      case GATEWAY_TIMEOUT -> Reply.page(504, "Gateway Time-out");
      case REDIRECT -> Reply.page(302, "Moved").with("Location", path);
      case MALFORMED -> normal.withBody(normal.body().substring(0, normal.body().length() / 2));
      case NO_RECORD -> Reply.json(200, "[1, 2, 3]");
      case OTHER_RECORD -> otherRecord();
      case WRONG_CONTENT_TYPE -> Reply.page(200, "Welcome to this hotel's network");
      case TOO_LONG -> Reply.json(200, "{\"tag\":\"" + "x".repeat(FakeClash.TOO_LONG) + "\"}");
    };
  }

  static Reply tooFast() {
    return Reply.error(429, "requestThrottled", "Request was throttled: limit exceeded");
  }

  static Reply invalidKey() {
    return Reply.error(403, "accessDenied", "Invalid authorization");
  }

  static Reply invalidIp(String caller) {
    return Reply.error(
        403,
        "accessDenied.invalidIp",
        "Invalid authorization: API key does not allow access from IP " + caller);
  }

  private static Reply otherRecord() {
    var record = JsonNodeFactory.instance.objectNode().put("tag", OTHER_TAG).put("name", "Other");
    record.put("state", "inWar").putObject("clan").put("tag", OTHER_TAG);
    return Reply.json(200, record.toString());
  }

  private static String seconds() {
    return Long.toString(FakeClash.RETRY_AFTER.toSeconds());
  }
}
