/** Calendars that are fetched by their URLs: how, when, and what becomes of them. */
@NullMarked
package dev.carillon.server.calendar;

import org.jspecify.annotations.NullMarked;
