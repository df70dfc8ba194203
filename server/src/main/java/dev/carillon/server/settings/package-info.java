/** What an operator can set, read once and checked as a whole. */
@NullMarked
package dev.carillon.server.settings;

import org.jspecify.annotations.NullMarked;
