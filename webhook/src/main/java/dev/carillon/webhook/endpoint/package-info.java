/** The receivers that messages go to: what is known of each, and their encrypted keys. */
@NullMarked
package dev.carillon.webhook.endpoint;

import org.jspecify.annotations.NullMarked;
