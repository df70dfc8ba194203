/** The engine's tables over JDBC: named statements, the stores, migrations and the pool. */
@NullMarked
package dev.carillon.postgres;

import org.jspecify.annotations.NullMarked;
