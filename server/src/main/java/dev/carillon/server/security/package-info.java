/** Who is calling: tokens and API keys become a caller or a refusal, without HTTP. */
@NullMarked
package dev.carillon.server.security;

import org.jspecify.annotations.NullMarked;
