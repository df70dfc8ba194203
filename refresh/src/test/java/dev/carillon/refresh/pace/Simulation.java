package dev.carillon.refresh.pace;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/** Some processes that call as fast as they may, and their store, in a time of their own. */
final class Simulation {

  /**
   * How busy the machines are, in nanoseconds.
   *
   * @param wake how late a thread is, on average
   * @param stallEvery from one stop of a whole process to the next, on average
   * @param stall how long it takes at most
   * @param answer how long the store takes one way, at most
   * @param ready how long a call takes to be ready, at most
   */
  record Load(long wake, long stallEvery, long stall, long answer, long ready) {

    static Load of(Duration wake, Duration stallEvery, Duration stall, Duration answer) {
      return new Load(
          wake.toNanos(),
          stallEvery.toNanos(),
          stall.toNanos(),
          answer.toNanos(),
          Booking.READY.toNanos() / 2);
    }
  }

  private record Event(long at, long number, Runnable action) {}

  private static final long SOON = Duration.ofMillis(50).toNanos();
  private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");

  private final Random random;
  private final Load load;
  private final PriorityQueue<Event> events =
      new PriorityQueue<>((a, b) ->
          a.at() == b.at() ? Long.compare(a.number(), b.number()) : Long.compare(a.at(), b.at()));
  private final List<Long> departures = new ArrayList<>();
  private final List<Caller> callers = new ArrayList<>();
  private final double limit;
  private Tempo tempo;
  private long now;
  private long number;

  Simulation(long seed, int processes, double limit, Load load) {
    this.random = new Random(seed);
    this.load = load;
    this.limit = limit;
    this.tempo = Tempo.start(limit, START);
    for (int i = 0; i < processes; i++) {
      callers.add(new Caller());
    }
  }

  /** When calls left, in that order. */
  List<Long> run(Duration time) {
    callers.forEach(caller -> at(random.nextLong(SOON), caller::look));
    callers.forEach(caller -> at(random.nextLong(2 * load.stallEvery()), caller::stall));
    while (now < time.toNanos()) {
      Event event = events.remove();
      now = event.at();
      event.action().run();
    }
    return departures.stream().sorted().toList();
  }

  long missed() {
    return callers.stream().mapToLong(one -> one.booking.punctuality().missed()).sum();
  }

  private void at(long when, Runnable action) {
    events.add(new Event(when, number++, action));
  }

  private long some(long most) {
    return most == 0 ? 0 : random.nextLong(most);
  }

  private long wake() {
    return (long) (-Math.log(1 - random.nextDouble()) * load.wake());
  }

  private Instant storeTime() {
    return START.plusNanos(now);
  }

  /** What {@link Pace} does with a booking, without threads. */
  private final class Caller {

    private final Booking booking = new Booking(limit, 0);
    private final long clockAhead = random.nextLong(1_000_000_000_000L);
    private long stalledUntil;
    private long looksAt = Long.MAX_VALUE;
    private int ready;

    private long nanos() {
      return now + clockAhead;
    }

    /** Has something done when the process is not stalled. */
    private void when(long then, Runnable action) {
      at(
          then,
          () -> {
            if (now < stalledUntil) {
              when(stalledUntil, action);
            } else {
              action.run();
            }
          });
    }

    private void stall() {
      stalledUntil = Math.max(stalledUntil, now + some(load.stall()));
      at(now + some(2 * load.stallEvery()), this::stall);
    }

    private void look() {
      looksAt = Long.MAX_VALUE;
      ask(true);
      booking.expire(nanos());
      for (Long in = booking.beginIn(nanos());
          in != null && in == 0;
          in = booking.beginIn(nanos())) {
        booking.begin();
        when(now + some(load.ready()), this::isReady);
      }
      Long leaves = booking.leaveIn(nanos());
      while (ready > 0 && leaves != null && leaves == 0) {
        leave();
        leaves = booking.leaveIn(nanos());
      }
      Long begins = booking.beginIn(nanos());
      long next = booking.isAsking() ? SOON : Math.max(1, booking.reserveIn(nanos()));
      next = begins == null ? next : Math.min(next, begins);
      next = ready == 0 || leaves == null ? next : Math.min(next, leaves);
      lookAt(now + next + wake());
    }

    private void lookAt(long then) {
      if (then < looksAt) {
        looksAt = then;
        when(
            then,
            () -> {
              if (looksAt == then || looksAt < now) {
                look();
              }
            });
      }
    }

    private void isReady() {
      ready++;
      look();
    }

    /** Its bytes leave somewhat later, and it knows when. */
    private void leave() {
      Booking.Held slot = booking.leave();
      ready--;
      when(
          now + wake() / 10,
          () -> {
            departures.add(now);
            booking.left(slot, nanos());
            ask(false);
          });
    }

    private void ask(boolean isWanted) {
      Booking.Ask ask = booking.ask(nanos(), isWanted);
      if (ask != null) {
        at(now + some(load.answer()), () -> answer(ask));
      }
    }

    private void answer(Booking.Ask ask) {
      Instant storeNow = storeTime();
      Tempo before = tempo;
      tempo = ask.of(before, storeNow).after();
      Tempo after = tempo;
      when(
          now + some(load.answer()),
          () -> {
            TempoStore.StoreClock clock =
                TempoStore.StoreClock.read(storeNow, ask.nanos(), nanos());
            booking.answered(ask, new TempoStore.Changed(before, after, clock), nanos());
            ask(false);
            look();
          });
    }
  }
}
