package dev.carillon.refresh.drain;

import dev.carillon.refresh.queue.RefreshQueue.Taken;
import dev.carillon.refresh.source.Fetched;

/**
 * What a call came to.
 *
 * @param taken the request it was made for
 * @param fetched what came
 */
record Answer(Taken taken, Fetched fetched) {}
