package dev.carillon.webhook.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FailuresTest {

  private static final ClientConfig CONFIG =
      new ClientConfig(Clients.SHORT, 1, Clients.LOOPBACK, Clients.NAMES, null, "Test/1");

  static Stream<Arguments> connectFailures() {
    return Stream.of(
        Arguments.of(new ConnectException("Connection refused"), "ENDPOINT: connection refused"),
        Arguments.of(
            new SocketTimeoutException("Connect timed out"),
            "ENDPOINT: time-out after 200 ms connecting"),
        Arguments.of(
            new ConnectException("Network is unreachable"),
            "OURS: our network or host: network is unreachable"),
        Arguments.of(
            new NoRouteToHostException("No route to host"),
            "ENDPOINT: the host could not be reached"),
        Arguments.of(
            new NoRouteToHostException("Cannot assign requested address"),
            "OURS: our network or host: cannot assign requested address"),
        Arguments.of(
            new SocketException("Too many open files"),
            "OURS: our network or host: too many open files"),
        Arguments.of(new SocketException("hunter2"), "ENDPOINT: the host could not be reached"));
  }

  @ParameterizedTest
  @MethodSource("connectFailures")
  void whoseFaultAFailedConnectionIs(IOException failure, String expected) {
    assertThat(text(Failures.of(Stage.CONNECT, failure, CONFIG))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bad_certificate", "certificate_required", "unknown_ca"})
  void anAlertOfTheReceiverIsNamed(String alert) {
    IOException of12 = new SSLHandshakeException("Received fatal alert: " + alert);
    IOException of13 = new SSLHandshakeException("(" + alert + ") Received fatal alert: " + alert);
    for (IOException failure : new IOException[] {of12, of13}) {
      assertThat(text(Failures.of(Stage.RESPONSE, failure, CONFIG)))
          .isEqualTo("ENDPOINT: TLS failed: the receiver refused it (%s)".formatted(alert));
    }
  }

  @ParameterizedTest
  @EnumSource(Stage.class)
  void noReasonRepeatsAnException(Stage stage) {
    assertThat(Failures.of(stage, new IOException("hunter2"), CONFIG).reason())
        .doesNotContain("hunter2");
    assertThat(Failures.of(stage, new SSLHandshakeException("hunter2"), CONFIG).reason())
        .doesNotContain("hunter2");
  }

  @Test
  void runningOutOfTimeIsOurFaultWhereTheReceiverHadNoChance() {
    assertThat(Stream.of(Stage.values()).filter(s -> s.slow() == Fault.OURS))
        .containsExactly(Stage.POOL, Stage.NAMES, Stage.PROXY);
  }

  private static String text(ExchangeFailure failure) {
    return failure.fault() + ": " + failure.reason();
  }
}
