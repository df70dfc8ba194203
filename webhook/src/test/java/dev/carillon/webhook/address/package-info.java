/** Tests of which addresses may be dialled. */
@NullMarked
package dev.carillon.webhook.address;

import org.jspecify.annotations.NullMarked;
