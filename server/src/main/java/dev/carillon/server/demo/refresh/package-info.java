/**
 * {@code carillon demo refresh}: what the drains do with an upstream API that fails in every way.
 */
@NullMarked
package dev.carillon.server.demo.refresh;

import org.jspecify.annotations.NullMarked;
