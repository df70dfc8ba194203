/** One HTTP exchange within limits of time and size, and what can go wrong with it. */
@NullMarked
package dev.carillon.webhook.http;

import org.jspecify.annotations.NullMarked;
