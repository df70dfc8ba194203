/** What an upstream API is to the drain: fetch one record, store what came. */
@NullMarked
package dev.carillon.refresh.source;

import org.jspecify.annotations.NullMarked;
