/**
 * Decides which addresses an endpoint may be dialled at, so that no request reaches an internal
 * one.
 */
@NullMarked
package dev.carillon.webhook.address;

import org.jspecify.annotations.NullMarked;
