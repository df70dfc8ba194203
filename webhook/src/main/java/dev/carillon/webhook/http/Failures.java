package dev.carillon.webhook.http;

import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.jspecify.annotations.Nullable;

/**
 * Says why an exchange got no response, and whose fault that is. The words are our own: an
 * exception's message may repeat the address, which may hold a token.
 */
final class Failures {

  // What the operating system says of itself and not of the other side: errno(3) ENETUNREACH,
  // ENETDOWN, EADDRNOTAVAIL (no free port), EMFILE and ENFILE, ENOBUFS, ENOMEM, EPERM
  // and EACCES (a local firewall).
  private static final List<String> LOCAL =
      List.of(
          "network is unreachable",
          "network is down",
          "cannot assign requested address",
          "too many open files",
          "no buffer space available",
          "cannot allocate memory",
          "operation not permitted",
          "permission denied");

  private static final Pattern ALERT = Pattern.compile("(?:\\(|alert: )([a-z_]{4,40})\\)?");

  private Failures() {}

  /** What went wrong at a stage. */
  static ExchangeFailure of(Stage stage, Exception failure, ClientConfig config) {
    return switch (failure) {
      case ExchangeFailure known -> known;
      case SocketException local when isLocal(local) ->
          new ExchangeFailure(Fault.OURS, "our network or host: " + localReason(local));
      case SSLException tls when stage != Stage.PROXY && stage != Stage.TUNNEL ->
          new ExchangeFailure(Fault.ENDPOINT, tlsReason(tls));
      default -> atStage(stage, failure, config);
    };
  }

  /** The time of an exchange is over. */
  static ExchangeFailure late(Stage stage, Duration timeout) {
    return new ExchangeFailure(
        stage.slow(), "time-out after %s in all, %s".formatted(Spans.text(timeout), stage.doing()));
  }

  private static ExchangeFailure atStage(Stage stage, Exception failure, ClientConfig config) {
    if (failure instanceof SocketTimeoutException) {
      return new ExchangeFailure(
          stage.slow(),
          "time-out after %s %s".formatted(Spans.text(config.connectTimeout()), stage.doing()));
    }
    return switch (stage) {
      case POOL -> new ExchangeFailure(Fault.OURS, "no connection could be had");
      case NAMES -> new ExchangeFailure(Fault.OURS, "our name resolver failed");
      case PROXY -> new ExchangeFailure(Fault.OURS, "the proxy could not be reached");
      case TUNNEL -> new ExchangeFailure(Fault.OURS, "the proxy broke the connection");
      case CONNECT -> new ExchangeFailure(Fault.ENDPOINT, connectReason(failure));
      case TLS ->
          new ExchangeFailure(Fault.ENDPOINT, "TLS failed: the connection broke in the handshake");
      case RESPONSE -> new ExchangeFailure(Fault.ENDPOINT, responseReason(failure));
      case BODY -> new ExchangeFailure(Fault.ENDPOINT, "the response broke off");
    };
  }

  private static String connectReason(Exception failure) {
    return failure instanceof ConnectException && text(failure).contains("refused")
        ? "connection refused"
        : "the host could not be reached";
  }

  private static String responseReason(Exception failure) {
    return switch (failure) {
      case MessageConstraintException _ -> "the response's head is too large or not HTTP";
      case HttpException _ -> "the response is not HTTP";
      default -> "the connection broke before the response";
    };
  }

  private static boolean isLocal(SocketException failure) {
    return LOCAL.stream().anyMatch(text(failure)::contains);
  }

  private static String localReason(SocketException failure) {
    String text = text(failure);
    return LOCAL.stream().filter(text::contains).findFirst().orElseThrow();
  }

  private static String tlsReason(SSLException failure) {
    boolean certificate = false;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String reason = certificateReason(cause);
      if (reason != null) {
        return "TLS failed: " + reason;
      }
      certificate |= cause instanceof GeneralSecurityException;
    }
    return "TLS failed: "
        + (certificate ? "the receiver's certificate is not acceptable" : protocolReason(failure));
  }

  private static @Nullable String certificateReason(Throwable cause) {
    return switch (cause) {
      case CertificateExpiredException _ -> "the receiver's certificate has expired";
      case CertificateNotYetValidException _ -> "the receiver's certificate is not yet valid";
      case CertPathBuilderException e when e.getCause() == null ->
          "no trusted authority has signed the receiver's certificate";
      case CertificateException e when isOfAnotherName(text(e)) ->
          "the receiver's certificate is for another host name";
      default -> null;
    };
  }

  // The texts of the JDK's HostnameChecker, which has no exception of its own.
  private static boolean isOfAnotherName(String text) {
    return text.startsWith("no subject alternative") || text.startsWith("no name matching");
  }

  private static String protocolReason(SSLException failure) {
    String text = text(failure);
    Matcher alert = ALERT.matcher(text);
    if (text.contains("fatal alert") && alert.find()) {
      return "the receiver refused it (%s)".formatted(alert.group(1));
    }
    return text.contains("unsupported or unrecognized ssl message")
        ? "the receiver does not speak TLS"
        : "the handshake or the connection broke";
  }

  private static String text(Throwable failure) {
    return String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
  }
}
