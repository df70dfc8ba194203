/** Users and the events that come to them once a year. */
@NullMarked
package dev.carillon.birthday;

import org.jspecify.annotations.NullMarked;
