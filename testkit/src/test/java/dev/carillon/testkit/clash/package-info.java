/** Tests of the Clash of Clans stand-in. */
@NullMarked
package dev.carillon.testkit.clash;

import org.jspecify.annotations.NullMarked;
