package dev.carillon.testkit.clash;

/** What the API does to a call. */
public enum Trouble {
  /** None: the call is served. */
  NONE,
  /** 404: there is no such record. */
  NOT_FOUND,
  /** 403, as for a clan whose war log is private. */
  PRIVATE_WAR_LOG,
  /** 403: the key is bound to another address. */
  INVALID_IP,
  /** 403: the key is not known. */
  INVALID_KEY,
  /** 403 for a reason of its own. */
  FORBIDDEN,
  /** 400: the API does not understand the call. */
  BAD_REQUEST,
  /** 429 without a {@code Retry-After}. */
  TOO_FAST,
  /** 429 with a {@code Retry-After} of {@link FakeClash#RETRY_AFTER}. */
  TOO_FAST_FOR_A_WHILE,
  /** 503 with a reason in JSON. */
  MAINTENANCE,
  /** 503 with a {@code Retry-After} and a page for people. */
  MAINTENANCE_PAGE,
  /** 500 with a reason in JSON. */
  ERROR,
  /** 502 with a page for people. */
  BAD_GATEWAY,
  /** 504 with a page for people. */
  GATEWAY_TIMEOUT,
  /** 302 to another address. */
  REDIRECT,
  /** The record, but only after {@link FakeClash#SLOW}. */
  SLOW,
  /** No answer until the API is closed. */
  SILENT,
  /** The head of an answer, and then a byte every {@link FakeClash#DRIP}. */
  DRIPPING,
  /** 200 with a body that ends in the middle. */
  MALFORMED,
  /** 200 with JSON that is no record. */
  NO_RECORD,
  /** 200 with another record than was asked for. */
  OTHER_RECORD,
  /** 200 with a page for people. */
  WRONG_CONTENT_TYPE,
  /** 200 with a body of more than {@link FakeClash#TOO_LONG} bytes. */
  TOO_LONG,
  /** The connection is broken off without an answer. */
  RESET;

  boolean isAnswered() {
    return this != SILENT && this != RESET;
  }
}
