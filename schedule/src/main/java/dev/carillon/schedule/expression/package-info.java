/** Schedule expressions: reading them, and finding when they come next. */
@NullMarked
package dev.carillon.schedule.expression;

import org.jspecify.annotations.NullMarked;
