package dev.carillon.webhook.traffic;

import java.util.UUID;

/**
 * What a process asks of an exchange.
 *
 * @param demand how much it wants to send
 * @param renew whether its share's lease is to begin anew
 * @param tally what its attempts came to since the last exchange
 */
record Request(UUID endpoint, Allotment.Demand demand, boolean renew, Tally tally) {}
