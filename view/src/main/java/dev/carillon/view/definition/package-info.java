/**
 * Reads a view's query and says what it is made of, how fresh it can be kept, and why not fresher.
 */
@NullMarked
package dev.carillon.view.definition;

import org.jspecify.annotations.NullMarked;
