package dev.carillon.bench.deliver;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process that receives webhooks on 127.0.0.1 as cheaply as can be: one thread, one answer. It
 * says its port on standard output, and does what single bytes on standard input ask for; it ends
 * with its input.
 */
public final class LoopbackReceiver {

  /** Asks how many messages have arrived: an int. */
  static final int COUNT = 'c';

  /** Asks for what has arrived, and forgets it: an int, and so many times an id and a time. */
  static final int TAKE = 't';

  /** What is sent here is neither answered nor counted. */
  static final String HANGING_PATH = "/hang";

  /** What is sent here is answered after {@link #DELAY}. */
  static final String SLOW_PATH = "/slow";

  /** How long a receiver takes that is far away. */
  static final Duration DELAY = Duration.ofMillis(20);

  private static final int BACKLOG = 4096;

  // While nothing is to be answered. Another thread closes the selector.
  private static final long IDLE_MILLIS = 1_000;

  private final Selector selector;
  private final List<Arrival> arrivals = new ArrayList<>();
  private final Deque<Unanswered> unanswered = new ArrayDeque<>();

  /** A message that is to be answered at a time of the monotonic clock. */
  private record Unanswered(Inbound inbound, Arrival arrival, long at) {}

  private LoopbackReceiver(Selector selector) {
    this.selector = selector;
  }

  /** Receives until standard input ends. */
  public static void main(String[] arguments) throws IOException {
    try (Selector selector = Selector.open();
        ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), BACKLOG);
      server.configureBlocking(false);
      server.register(selector, SelectionKey.OP_ACCEPT);
      LoopbackReceiver receiver = new LoopbackReceiver(selector);
      Thread.ofPlatform().daemon().name("receiver").start(receiver::receive);
      DataOutputStream out = new DataOutputStream(new BufferedOutputStream(System.out));
      out.writeInt(((InetSocketAddress) server.getLocalAddress()).getPort());
      out.flush();
      receiver.obey(out);
    }
  }

  private void obey(DataOutputStream out) throws IOException {
    int command = System.in.read();
    while (command >= 0) {
      switch (command) {
        case COUNT -> out.writeInt(count());
        case TAKE -> write(take(), out);
        default -> throw new IOException("no command: " + command);
      }
      out.flush();
      command = System.in.read();
    }
  }

  private static void write(List<Arrival> taken, DataOutputStream out) throws IOException {
    out.writeInt(taken.size());
    for (Arrival arrival : taken) {
      out.writeLong(arrival.event().getMostSignificantBits());
      out.writeLong(arrival.event().getLeastSignificantBits());
      out.writeLong(ChronoUnit.NANOS.between(Instant.EPOCH, arrival.at()));
    }
  }

  private synchronized int count() {
    return arrivals.size();
  }

  private synchronized List<Arrival> take() {
    List<Arrival> taken = List.copyOf(arrivals);
    arrivals.clear();
    return taken;
  }

  private synchronized void add(Arrival arrival) {
    arrivals.add(arrival);
  }

  private void receive() {
    InstantSource clock = InstantSource.system();
    try {
      while (selector.isOpen()) {
        selector.select(key -> ready(key, clock), millisToAnswer());
        while (!unanswered.isEmpty() && unanswered.getFirst().at() <= System.nanoTime()) {
          answer(unanswered.removeFirst());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long millisToAnswer() {
    if (unanswered.isEmpty()) {
      return IDLE_MILLIS;
    }
    long nanos = unanswered.getFirst().at() - System.nanoTime();
    return Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos));
  }

  private void ready(SelectionKey key, InstantSource clock) {
    try {
      if (key.isAcceptable()) {
        accept((ServerSocketChannel) key.channel());
      } else if (key.attachment() instanceof Inbound inbound) {
        inbound.read(clock).ifPresent(arrival -> arrived(inbound, arrival));
      }
    } catch (IOException _) {
      key.cancel(); // The sender closed the connection, which ends here too.
      close(key);
    }
  }

  private void arrived(Inbound inbound, Arrival arrival) {
    if (inbound.isFor(SLOW_PATH)) {
      unanswered.add(new Unanswered(inbound, arrival, System.nanoTime() + DELAY.toNanos()));
    } else if (!inbound.isFor(HANGING_PATH)) {
      answer(new Unanswered(inbound, arrival, System.nanoTime()));
    }
  }

  private void answer(Unanswered message) {
    try {
      message.inbound().answer();
      add(message.arrival());
    } catch (IOException _) {
      // The sender is gone; the next read finds it out.
    }
  }

  private void accept(ServerSocketChannel server) throws IOException {
    SocketChannel channel = server.accept();
    if (channel != null) {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.register(selector, SelectionKey.OP_READ, new Inbound(channel));
    }
  }

  private static void close(SelectionKey key) {
    try {
      key.channel().close();
    } catch (IOException _) {
      // It is gone.
    }
  }
}
