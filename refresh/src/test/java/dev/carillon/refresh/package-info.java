/** The servers that tests of this module share. */
@NullMarked
package dev.carillon.refresh;

import org.jspecify.annotations.NullMarked;
