/** Tests of the endpoints. */
@NullMarked
package dev.carillon.webhook.endpoint;

import org.jspecify.annotations.NullMarked;
