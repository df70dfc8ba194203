/** Tests of how much endpoints are sent. */
@NullMarked
package dev.carillon.webhook.traffic;

import org.jspecify.annotations.NullMarked;
