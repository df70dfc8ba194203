/** {@code /v1/user}: users over HTTP. */
@NullMarked
package dev.carillon.server.user;

import org.jspecify.annotations.NullMarked;
