/** Views as their users know them: made, explained, refreshed, read and dropped by name. */
@NullMarked
package dev.carillon.view.registry;

import org.jspecify.annotations.NullMarked;
