/** What deliveries to a loopback receiver cost with everything on, beside a bare HTTP client. */
@NullMarked
package dev.carillon.bench.deliver;

import org.jspecify.annotations.NullMarked;
