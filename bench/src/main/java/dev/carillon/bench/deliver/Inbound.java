package dev.carillon.bench.deliver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** A connection from a sender, which sends one request after the other. Of one thread. */
final class Inbound {

  private static final int MAX_REQUEST = 16 * 1024;
  private static final String POST = "post ";
  private static final String END_OF_HEAD = "\r\n\r\n";
  private static final String ID = "\r\nwebhook-id: evt_";
  private static final String LENGTH = "\r\ncontent-length: ";
  private static final byte[] ANSWER = "HTTP/1.1 204 No Content\r\n\r\n".getBytes(ISO_8859_1);

  private final SocketChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(MAX_REQUEST);
  private String path = "";
  private Instant firstByteAt = Instant.EPOCH;

  Inbound(SocketChannel channel) {
    this.channel = channel;
  }

  /**
   * Reads what there is.
   *
   * @return the message; empty if it is not whole
   * @throws IOException if the connection is at its end
   */
  Optional<Arrival> read(InstantSource clock) throws IOException {
    boolean begins = buffer.position() == 0;
    if (channel.read(buffer) < 0 || !buffer.hasRemaining()) {
      throw new EOFException();
    }
    if (begins) {
      firstByteAt = clock.instant();
    }
    String text = new String(buffer.array(), 0, buffer.position(), ISO_8859_1);
    int end = text.indexOf(END_OF_HEAD);
    if (end < 0) {
      return Optional.empty();
    }
    String head = text.substring(0, end + 2).toLowerCase(Locale.ROOT);
    int length = Integer.parseInt(value(head, LENGTH));
    if (text.length() < end + END_OF_HEAD.length() + length) {
      return Optional.empty();
    }
    buffer.clear();
    path = head.substring(POST.length(), head.indexOf(' ', POST.length()));
    return Optional.of(new Arrival(UUID.fromString(value(head, ID)), firstByteAt));
  }

  /** Whether the last message was sent to this path. */
  boolean isFor(String other) {
    return path.equals(other);
  }

  /** Accepts the last message. */
  void answer() throws IOException {
    channel.write(ByteBuffer.wrap(ANSWER));
  }

  private static String value(String head, String header) throws IOException {
    int start = head.indexOf(header);
    if (start < 0) {
      throw new IOException("a request without" + header);
    }
    start += header.length();
    return head.substring(start, head.indexOf("\r\n", start));
  }
}
