/** Tests of the Clash of Clans source. */
@NullMarked
package dev.carillon.refresh.clash;

import org.jspecify.annotations.NullMarked;
