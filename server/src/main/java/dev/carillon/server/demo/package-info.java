/** A year of birthdays in a minute: the real engine, on a clock that is moved. */
@NullMarked
package dev.carillon.server.demo;

import org.jspecify.annotations.NullMarked;
