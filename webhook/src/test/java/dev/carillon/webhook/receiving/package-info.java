/** The receivers that docs/receiving.md shows, against signatures of ours. */
@NullMarked
package dev.carillon.webhook.receiving;

import org.jspecify.annotations.NullMarked;
