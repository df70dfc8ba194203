/** {@code /v1/endpoints}: the receivers of messages, over HTTP. */
@NullMarked
package dev.carillon.server.endpoint;

import org.jspecify.annotations.NullMarked;
