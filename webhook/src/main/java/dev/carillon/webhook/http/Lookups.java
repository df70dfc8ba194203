package dev.carillon.webhook.http;

import dev.carillon.webhook.address.NameResolver;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Looks host names up on threads of its own: a look-up cannot be broken off, so whoever asks must
 * be able to go while it lasts. One name occupies one thread however many ask for it, so that a
 * name whose servers hang cannot keep the others waiting.
 */
final class Lookups implements AutoCloseable {

  /** The most look-ups under way at once. */
  static final int MAX_THREADS = 64;

  /** The most names that wait for a thread. */
  static final int MAX_WAITING = 10_000;

  private static final int IDLE_SECONDS = 10;
  private static final String TOO_MANY = "too many host names are being looked up";

  /** For how long after a name was found a resolver that cannot tell counts as the name's own. */
  static final Duration FOUND_LATELY = Duration.ofSeconds(10);

  private final NameResolver names;
  private final AtomicLong foundAt = new AtomicLong(System.nanoTime() - FOUND_LATELY.toNanos());
  private final ConcurrentHashMap<String, FutureTask<InetAddress[]>> underWay =
      new ConcurrentHashMap<>();
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          MAX_THREADS,
          MAX_THREADS,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(MAX_WAITING),
          Thread.ofPlatform().daemon().name("webhook-names-", 0).factory());

  Lookups(NameResolver names) {
    this.names = names;
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * All addresses of a name or literal, at least one.
   *
   * @throws ExchangeFailure if there is none or it takes too long
   */
  InetAddress[] resolve(String host, Duration atMost) throws ExchangeFailure, InterruptedException {
    FutureTask<InetAddress[]> lookup = joined(host);
    try {
      InetAddress[] all = lookup.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
      if (all.length == 0) {
        throw notFound();
      }
      return all;
    } catch (TimeoutException _) {
      throw new ExchangeFailure(Fault.OURS, "time-out looking up the host name");
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    } catch (CancellationException _) {
      throw new ExchangeFailure(Fault.OURS, TOO_MANY);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private FutureTask<InetAddress[]> joined(String host) throws ExchangeFailure {
    FutureTask<InetAddress[]> own =
        new FutureTask<>(() -> found(host)) {
          @Override
          protected void done() {
            underWay.remove(host, this);
          }
        };
    FutureTask<InetAddress[]> other = underWay.putIfAbsent(host, own);
    if (other != null) {
      return other;
    }
    try {
      threads.execute(own);
      return own;
    } catch (RejectedExecutionException _) {
      own.cancel(false);
      throw new ExchangeFailure(Fault.OURS, TOO_MANY);
    }
  }

  private InetAddress[] found(String host) throws UnknownHostException {
    InetAddress[] all = names.resolve(host);
    // A literal is found without asking anybody.
    if (Arrays.stream(all).noneMatch(one -> one.getHostAddress().equals(host))) {
      foundAt.set(System.nanoTime());
    }
    return all;
  }

  /** While others are found, the servers of the one that is not are to blame. */
  private ExchangeFailure undecided() {
    boolean works = System.nanoTime() - foundAt.get() < FOUND_LATELY.toNanos();
    return works
        ? new ExchangeFailure(Fault.ENDPOINT, "the name servers of the host do not answer")
        : new ExchangeFailure(Fault.OURS, "our name resolver does not answer");
  }

  private ExchangeFailure failure(@Nullable Throwable cause) {
    return switch (cause) {
      case UnknownHostException e when isPassing(String.valueOf(e.getMessage())) -> undecided();
      case UnknownHostException _ -> notFound();
      case null, default -> new ExchangeFailure(Fault.OURS, "our name resolver failed");
    };
  }

  private static ExchangeFailure notFound() {
    return new ExchangeFailure(Fault.ENDPOINT, "the host name was not found");
  }

  /**
   * Whether the resolver could not tell, by the texts of gai_strerror(3) for EAI_AGAIN, EAI_FAIL,
   * EAI_MEMORY and EAI_SYSTEM in glibc and musl, which Java puts into its message.
   */
  private static boolean isPassing(String message) {
    String text = message.toLowerCase(Locale.ROOT);
    return text.contains("temporary failure")
        || text.contains("try again")
        || text.contains("non-recoverable")
        || text.contains("memory allocation")
        || text.contains("out of memory")
        || text.contains("system error");
  }
}
