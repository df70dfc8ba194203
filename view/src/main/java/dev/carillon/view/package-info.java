/** What a view is called, and how it is kept fresh: the words that all of this module uses. */
@NullMarked
package dev.carillon.view;

import org.jspecify.annotations.NullMarked;
