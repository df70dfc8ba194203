/** A PostgreSQL server to measure on, and what is read from it. */
@NullMarked
package dev.carillon.bench.database;

import org.jspecify.annotations.NullMarked;
