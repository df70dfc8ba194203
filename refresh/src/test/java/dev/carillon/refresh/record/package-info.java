/** Tests of records and failures. */
@NullMarked
package dev.carillon.refresh.record;

import org.jspecify.annotations.NullMarked;
