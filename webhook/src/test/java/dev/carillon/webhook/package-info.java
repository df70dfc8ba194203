/** Tests of webhook delivery, over real sockets. */
@NullMarked
package dev.carillon.webhook;

import org.jspecify.annotations.NullMarked;
