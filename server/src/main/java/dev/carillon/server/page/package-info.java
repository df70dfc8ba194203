/** The page that shows people how far jobs are and how fresh views are. */
@NullMarked
package dev.carillon.server.page;

import org.jspecify.annotations.NullMarked;
