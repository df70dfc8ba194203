/**
 * What every request shares: problem documents, ids, the access log, throttling and strict JSON.
 */
@NullMarked
package dev.carillon.server.http;

import org.jspecify.annotations.NullMarked;
