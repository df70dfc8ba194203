/** Puts the running server together and takes it apart again. */
@NullMarked
package dev.carillon.server.wiring;

import org.jspecify.annotations.NullMarked;
