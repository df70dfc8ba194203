/** Shares one rate of calls among all processes, and adapts it to what the upstream API says. */
@NullMarked
package dev.carillon.refresh.pace;

import org.jspecify.annotations.NullMarked;
