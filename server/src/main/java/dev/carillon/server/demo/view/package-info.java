/**
 * {@code carillon demo views}: what views say of jobs while these are moved on, compared with
 * counts.
 */
@NullMarked
package dev.carillon.server.demo.view;

import org.jspecify.annotations.NullMarked;
