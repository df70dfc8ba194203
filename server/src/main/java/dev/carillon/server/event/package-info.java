/** {@code /v1/events}, {@code /v1/dead-letters} and {@code /v1/event-types} over HTTP. */
@NullMarked
package dev.carillon.server.event;

import org.jspecify.annotations.NullMarked;
