/** The signatures of Standard Webhooks: keys, signing, verification. */
@NullMarked
package dev.carillon.webhook.sign;

import org.jspecify.annotations.NullMarked;
