/** Scan jobs over HTTP: how far they are, how fresh that is, and the same as a live stream. */
@NullMarked
package dev.carillon.server.job;

import org.jspecify.annotations.NullMarked;
