package dev.carillon.bench.deliver;

/** When a receiver answers. */
enum Answers {
  AT_ONCE("/webhooks"),
  /** After {@link LoopbackReceiver#DELAY}. */
  LATE(LoopbackReceiver.SLOW_PATH),
  NEVER(LoopbackReceiver.HANGING_PATH);

  private final String path;

  Answers(String path) {
    this.path = path;
  }

  /** Where it is. */
  String path() {
    return path;
  }
}
