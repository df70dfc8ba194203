/** What is done when an event is due, and how it can end. */
@NullMarked
package dev.carillon.target;

import org.jspecify.annotations.NullMarked;
