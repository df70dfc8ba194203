/** Importing: what crontabs, EventBridge and Kubernetes call a schedule, as Carillon's. */
@NullMarked
package dev.carillon.server.importing;

import org.jspecify.annotations.NullMarked;
