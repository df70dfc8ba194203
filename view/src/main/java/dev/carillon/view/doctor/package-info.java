/** Looks at a database and says what is wrong with it, with figures and the SQL that helps. */
@NullMarked
package dev.carillon.view.doctor;

import org.jspecify.annotations.NullMarked;
