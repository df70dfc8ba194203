/** An event is one occurrence of something due: what it is, when, and what follows it. */
@NullMarked
package dev.carillon.event;

import org.jspecify.annotations.NullMarked;
