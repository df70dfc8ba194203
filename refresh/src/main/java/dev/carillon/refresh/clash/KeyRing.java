package dev.carillon.refresh.clash;

import dev.carillon.refresh.source.SourceException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that calls show in turn. A key that the API refuses is set aside; when none is left they
 * are found anew: once at once, and then not before a pause, unless a call has succeeded meanwhile.
 * Safe for use by many threads.
 */
final class KeyRing {

  /** How long keys that do not serve are left as they are. */
  static final Duration PAUSE = Duration.ofMinutes(1);

  /** How long an account that the portal does not accept is not tried: it could be locked. */
  static final Duration WRONG_ACCOUNT_PAUSE = Duration.ofMinutes(15);

  private static final Logger LOG = LoggerFactory.getLogger(KeyRing.class);

  private final ClashAccess access;
  private final Portal portal;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicInteger turn = new AtomicInteger();
  private volatile List<String> keys = List.of();
  private volatile Instant notBefore = Instant.MIN;
  private volatile String trouble = "";

  KeyRing(ClashAccess access, Portal portal, InstantSource clock) {
    this.access = access;
    this.portal = portal;
    this.clock = clock;
  }

  /**
   * Finds keys if there are none.
   *
   * @throws SourceException if none is found, or they were found not long ago and refused
   */
  void ready() throws SourceException, InterruptedException {
    if (!keys.isEmpty()) {
      return;
    }
    lock.lockInterruptibly();
    try {
      if (keys.isEmpty()) {
        find();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The next key; empty if none is left. */
  Optional<String> next() {
    List<String> now = keys;
    return now.isEmpty()
        ? Optional.empty()
        : Optional.of(now.get(Math.floorMod(turn.getAndIncrement(), now.size())));
  }

  /** Says that the API served a call. */
  void accepted() {
    if (notBefore.isAfter(Instant.MIN)) {
      notBefore = Instant.MIN;
    }
  }

  /** Sets a key aside that the API refused. */
  void refused(String key, String reason) {
    lock.lock();
    try {
      if (keys.contains(key)) {
        keys = keys.stream().filter(other -> !other.equals(key)).toList();
        trouble = "the API refuses our keys: " + reason;
        LOG.warn("the Clash of Clans API refuses a key, {} left: {}", keys.size(), reason);
      }
    } finally {
      lock.unlock();
    }
  }

  /** How many keys there are, and no key. */
  @Override
  public String toString() {
    return "KeyRing[%d keys]".formatted(keys.size());
  }

  private void find() throws SourceException, InterruptedException {
    Instant now = clock.instant();
    if (now.isBefore(notBefore)) {
      throw new SourceException(trouble + "; looked at again after " + notBefore);
    }
    notBefore = now.plus(PAUSE);
    try {
      keys =
          switch (access) {
            case ClashAccess.Keys given -> given.bearers();
            case ClashAccess.Account account -> portal.keys(account);
          };
      LOG.info("{} keys of the Clash of Clans API are in use", keys.size());
    } catch (Portal.WrongAccountException e) {
      notBefore = now.plus(WRONG_ACCOUNT_PAUSE);
      trouble = String.valueOf(e.getMessage());
      throw new SourceException(trouble);
    } catch (SourceException e) {
      trouble = String.valueOf(e.getMessage());
      throw e;
    }
  }
}
