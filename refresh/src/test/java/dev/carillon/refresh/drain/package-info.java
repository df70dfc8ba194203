/** Tests of drains, and of what others ask of them. */
@NullMarked
package dev.carillon.refresh.drain;

import org.jspecify.annotations.NullMarked;
