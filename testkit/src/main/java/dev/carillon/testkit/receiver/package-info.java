/** A real HTTP server that receives webhooks, checks them and counts them. */
@NullMarked
package dev.carillon.testkit.receiver;

import org.jspecify.annotations.NullMarked;
