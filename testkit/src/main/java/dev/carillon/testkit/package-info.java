/** An embedded PostgreSQL for laptops and tests, and the contract that every event store keeps. */
@NullMarked
package dev.carillon.testkit;

import org.jspecify.annotations.NullMarked;
