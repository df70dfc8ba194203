/** Tests of the webhook receiver. */
@NullMarked
package dev.carillon.testkit.receiver;

import org.jspecify.annotations.NullMarked;
