/** What fresh views cost: to read, to bring up to date, and to those who write. */
@NullMarked
package dev.carillon.bench.views;

import org.jspecify.annotations.NullMarked;
