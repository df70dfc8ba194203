/** A target: tells a receiver by a signed HTTP POST that an event is due, and judges its answer. */
@NullMarked
package dev.carillon.webhook.delivery;

import org.jspecify.annotations.NullMarked;
