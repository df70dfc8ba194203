package dev.carillon.webhook.address;

/**
 * A block of addresses that no endpoint may have, unless the operator allowed it.
 *
 * @param name what its addresses are, to follow "is"
 */
public record SpecialBlock(Cidr block, String name, Kind kind) {

  /** What it takes to allow an address of a special block. */
  public enum Kind {
    /** An allowed block that holds the address. */
    ORDINARY,
    /** As {@link #ORDINARY}, or that loopback is allowed. */
    LOOPBACK,
    /**
     * An allowed block that holds the address and no more than this special block does: who allows
     * a network does not mean its metadata service.
     */
    GUARDED
  }
}
