/** Which record is to be fetched again, and how soon. */
@NullMarked
package dev.carillon.refresh.request;

import org.jspecify.annotations.NullMarked;
