package dev.carillon.webhook.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long the parts of an exchange took. A part that did not happen is null; one that was broken
 * off counts up to then.
 *
 * @param dns the look-up of the host name; null if a connection was reused
 * @param connect from the first address dialled to the connection, the proxy's part included; null
 *     if a connection was reused
 * @param tls the TLS handshake; null if a connection was reused, and without TLS
 * @param firstByte from the ready connection to the head of the response; null if none came
 * @param total all of it, the wait for a free connection and the response's body included
 */
public record Timings(
    @Nullable Duration dns,
    @Nullable Duration connect,
    @Nullable Duration tls,
    @Nullable Duration firstByte,
    Duration total) {}
