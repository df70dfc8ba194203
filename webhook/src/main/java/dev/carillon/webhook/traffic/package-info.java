/**
 * How much each endpoint is sent, by all processes together: concurrency, rate, circuit breaker.
 */
@NullMarked
package dev.carillon.webhook.traffic;

import org.jspecify.annotations.NullMarked;
