/** A stand-in for the Clash of Clans API and its developer portal, on loopback. */
@NullMarked
package dev.carillon.testkit.clash;

import org.jspecify.annotations.NullMarked;
