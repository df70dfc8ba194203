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
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

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

  private static final int BACKLOG = 4096;

  private final Selector selector;
  private final List<Arrival> arrivals = new ArrayList<>();

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
        selector.select(key -> ready(key, clock));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void ready(SelectionKey key, InstantSource clock) {
    try {
      if (key.isAcceptable()) {
        accept((ServerSocketChannel) key.channel());
      } else if (key.attachment() instanceof Inbound inbound) {
        inbound.read(clock).ifPresent(this::add);
      }
    } catch (IOException _) {
      key.cancel(); // The sender closed the connection, which ends here too.
      close(key);
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
