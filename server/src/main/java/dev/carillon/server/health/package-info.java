/** Whether the process is fit: the database, its time zone release, and what is overdue. */
@NullMarked
package dev.carillon.server.health;

import org.jspecify.annotations.NullMarked;
