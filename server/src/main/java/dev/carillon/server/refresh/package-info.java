/** Upstream records kept fresh: the drains of this process, and the API around them. */
@NullMarked
package dev.carillon.server.refresh;

import org.jspecify.annotations.NullMarked;
