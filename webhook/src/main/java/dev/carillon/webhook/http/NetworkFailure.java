package dev.carillon.webhook.http;

import dev.carillon.target.Outcome;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.HttpHostConnectException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.MessageConstraintException;

/**
 * Says why an attempt got no answer. The words are our own: an exception's message may repeat the
 * address, which may hold a token.
 */
public final class NetworkFailure {

  private static final int MAX_TLS_DETAIL = 200;

  private NetworkFailure() {}

  /** Every failure to get an answer may pass. */
  public static Outcome outcome(IOException failure, WebhookConfig config) {
    return new Outcome.Retryable(reason(failure, config));
  }

  private static String reason(IOException failure, WebhookConfig config) {
    return switch (failure) {
      case TotalTimeoutException _ ->
          "time-out after %s in all".formatted(Spans.text(config.totalTimeout()));
      case ConnectTimeoutException _ ->
          "time-out after %s connecting".formatted(Spans.text(config.connectTimeout()));
      case ConnectionRequestTimeoutException _ ->
          "time-out after %s waiting for one of %d connections"
              .formatted(Spans.text(config.connectTimeout()), config.maxConnections());
      case SocketTimeoutException _ ->
          "time-out after %s waiting for the response"
              .formatted(Spans.text(config.responseTimeout()));
      case UnknownHostException _ -> "the host name was not found";
      case HttpHostConnectException refused -> connectReason(refused);
      case SSLException tls -> tlsReason(tls);
      case MessageConstraintException _ -> "the response's head is too large or not HTTP";
      case ClientProtocolException _ -> "the response is not HTTP";
      default -> "the connection broke before the response";
    };
  }

  private static String connectReason(HttpHostConnectException failure) {
    return String.valueOf(failure.getMessage()).contains("refused")
        ? "connection refused"
        : "the host could not be reached";
  }

  private static String tlsReason(SSLException failure) {
    return "TLS failed: " + PlainText.of(String.valueOf(failure.getMessage()), MAX_TLS_DETAIL);
  }
}
