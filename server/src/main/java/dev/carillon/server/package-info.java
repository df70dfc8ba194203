/** The process: the command line, and the wiring of everything else. */
@NullMarked
package dev.carillon.server;

import org.jspecify.annotations.NullMarked;
