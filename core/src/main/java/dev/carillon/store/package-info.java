/** The port to the tables: claims, process leases and the writes that end an attempt. */
@NullMarked
package dev.carillon.store;

import org.jspecify.annotations.NullMarked;
