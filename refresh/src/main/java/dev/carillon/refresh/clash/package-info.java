/** Fetches clans, players and wars from the Clash of Clans API, and stores them in tables. */
@NullMarked
package dev.carillon.refresh.clash;

import org.jspecify.annotations.NullMarked;
