/** What a schedule would do, shown before it does it. */
@NullMarked
package dev.carillon.schedule.preview;

import org.jspecify.annotations.NullMarked;
