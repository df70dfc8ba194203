/** Keys for machines: made once, stored as a hash, revoked at will. */
@NullMarked
package dev.carillon.server.apikey;

import org.jspecify.annotations.NullMarked;
