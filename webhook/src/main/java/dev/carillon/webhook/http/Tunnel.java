package dev.carillon.webhook.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A way through a forward proxy (RFC 9110, section 9.3.6). It is asked for an IP address, not for a
 * name: the proxy would look the name up again, and dial another address than the one checked.
 */
final class Tunnel {

  /** The longest head of the proxy's answer, in bytes. */
  static final int MAX_HEAD = 8 * 1024;

  private static final Pattern STATUS_LINE =
      Pattern.compile("HTTP/1\\.[01] (\\d{3})(?: [^\\r\\n]*)?\\r?\\n.*", Pattern.DOTALL);

  private Tunnel() {}

  /**
   * Makes a tunnel of a socket that is connected to the proxy.
   *
   * @param target the address and port to be reached
   * @param atMost how long the proxy may take
   * @throws ExchangeFailure if the proxy refuses or cannot reach it
   */
  static void open(Socket socket, ProxyAddress proxy, InetSocketAddress target, Duration atMost)
      throws IOException {
    long start = System.nanoTime();
    socket.getOutputStream().write(request(proxy, target).getBytes(ISO_8859_1));
    String head = head(socket, start, atMost);
    socket.setSoTimeout(0);
    Matcher line = STATUS_LINE.matcher(head);
    if (!line.matches()) {
      throw new ExchangeFailure(Fault.OURS, "the proxy's answer is not HTTP");
    }
    requireTunnel(Integer.parseInt(line.group(1)));
  }

  private static String request(ProxyAddress proxy, InetSocketAddress target) {
    String authority = authority(target);
    String login = proxy.authorization();
    return "CONNECT %s HTTP/1.1\r\nHost: %s\r\n%s\r\n"
        .formatted(
            authority, authority, login == null ? "" : "Proxy-Authorization: " + login + "\r\n");
  }

  private static String authority(InetSocketAddress target) {
    String address = target.getAddress().getHostAddress();
    String host = target.getAddress() instanceof Inet6Address ? "[" + address + "]" : address;
    return host + ":" + target.getPort();
  }

  // Byte by byte: what comes after the head is not the proxy's any more.
  private static String head(Socket socket, long start, Duration atMost) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder head = new StringBuilder();
    while (!endsWithEmptyLine(head)) {
      Duration left = atMost.minusNanos(System.nanoTime() - start);
      if (!left.isPositive()) {
        throw new SocketTimeoutException("the proxy takes too long");
      }
      socket.setSoTimeout(Spans.millis(left));
      int next = in.read();
      if (next < 0) {
        throw new ExchangeFailure(Fault.OURS, "the proxy broke the connection before its answer");
      }
      if (head.length() == MAX_HEAD) {
        throw new ExchangeFailure(Fault.OURS, "the head of the proxy's answer is too large");
      }
      head.append((char) next);
    }
    return head.toString();
  }

  private static boolean endsWithEmptyLine(StringBuilder head) {
    int end = head.length();
    return end >= 2
        && head.charAt(end - 1) == '\n'
        && (head.charAt(end - 2) == '\n'
            || (end >= 3 && head.charAt(end - 2) == '\r' && head.charAt(end - 3) == '\n'));
  }

  private static void requireTunnel(int status) throws ExchangeFailure {
    switch (status) {
      case 403, 502, 504 ->
          throw new ExchangeFailure(
              Fault.ENDPOINT, "the proxy does not reach the host (HTTP %d)".formatted(status));
      case 407 ->
          throw new ExchangeFailure(
              Fault.OURS, "the proxy does not accept our user and password (HTTP 407)");
      default -> {
        if (status / 100 != 2) {
          throw new ExchangeFailure(
              Fault.OURS, "the proxy refused to connect (HTTP %d)".formatted(status));
        }
      }
    }
  }
}
