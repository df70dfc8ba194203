package dev.carillon.refresh.clash;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.carillon.refresh.pace.Departure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When the bytes of a call leave. */
@Timeout(60)
class DepartureTest {

  private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

  private final ServerSocket server = listen();
  private final Calls calls = new Calls(Duration.ofSeconds(20));
  private final List<String> happened = new CopyOnWriteArrayList<>();
  private final CountDownLatch connected = new CountDownLatch(1);
  private final CountDownLatch arrived = new CountDownLatch(1);

  @BeforeEach
  void serve() {
    Thread.ofVirtual().start(this::answer);
  }

  @AfterEach
  void close() throws IOException {
    calls.close();
    server.close();
  }

  @Test
  void aConnectionComesAboutBeforeAndTheRequestIsSentOffAfter() throws Exception {
    Departure departure =
        departure(() -> {
          assertThat(connected.await(10, TimeUnit.SECONDS)).isTrue();
          happened.add("may leave");
          return true;
        });

    assertThat(get(departure)).isInstanceOf(Outcome.Reply.class);

    assertThat(happened).containsExactly("connected", "may leave", "arrived", "left");
  }

  @Test
  void aCallThatMustNotLeaveIsNotMade() throws Exception {
    assertThat(get(departure(() -> false))).isEqualTo(new Outcome.NotMade());
    assertThat(happened).doesNotContain("arrived", "left");
  }

  @Test
  void aCallThatIsInterruptedBeforeIsNotMade() {
    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(() ->
            get(
                departure(() -> {
                  throw new InterruptedException("in time");
                })));
    assertThat(happened).doesNotContain("arrived", "left");
  }

  /** What to do at the last moment. */
  @FunctionalInterface
  private interface Waiting {
    boolean await() throws InterruptedException;
  }

  /** It has left only if it arrives while the caller is still told so. */
  private Departure departure(Waiting waiting) {
    return new Departure() {
      @Override
      public boolean await() throws InterruptedException {
        return waiting.await();
      }

      @Override
      public void left() {
        try {
          assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
        happened.add("left");
      }
    };
  }

  private Outcome get(Departure departure) throws InterruptedException {
    URI url = URI.create("http://127.0.0.1:" + server.getLocalPort());
    return calls.get(url, Map.of(), departure);
  }

  private void answer() {
    try (Socket socket = server.accept()) {
      happened.add("connected");
      connected.countDown();
      BufferedReader reader =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
      for (String line = reader.readLine(); !"".equals(line); line = reader.readLine()) {
        if (line == null) {
          return;
        }
      }
      happened.add("arrived");
      arrived.countDown();
      socket.getOutputStream().write(ANSWER.getBytes(US_ASCII));
    } catch (IOException e) {
      happened.add("failed: " + e);
    }
  }

  private static ServerSocket listen() {
    try {
      return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
