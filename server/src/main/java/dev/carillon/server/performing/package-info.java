/** The engine in this process: what it performs, what it is watched by, and its upkeep. */
@NullMarked
package dev.carillon.server.performing;

import org.jspecify.annotations.NullMarked;
