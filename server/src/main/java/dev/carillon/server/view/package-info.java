/** Views over HTTP and by schedule: how fresh each is, its rows, and what is done to it. */
@NullMarked
package dev.carillon.server.view;

import org.jspecify.annotations.NullMarked;
