package dev.carillon.engine;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what an engine tells it. */
final class Recorder implements EngineListener {

  private final AtomicInteger settled = new AtomicInteger();
  private final AtomicInteger fenced = new AtomicInteger();
  private final AtomicInteger leasesLost = new AtomicInteger();

  @Override
  public void exchanged(int settledNow, int claimedNow, Duration took) {
    settled.addAndGet(settledNow);
  }

  @Override
  public void fenced(int events) {
    fenced.addAndGet(events);
  }

  @Override
  public void leaseLost() {
    leasesLost.incrementAndGet();
  }

  int settled() {
    return settled.get();
  }

  int fenced() {
    return fenced.get();
  }

  int leasesLost() {
    return leasesLost.get();
  }
}
