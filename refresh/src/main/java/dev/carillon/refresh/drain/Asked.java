package dev.carillon.refresh.drain;

import java.util.List;

/**
 * What became of wishes.
 *
 * @param queued how many were not there yet
 * @param raised how many made a request that was there more urgent
 * @param kept how many changed nothing: the same is wished for already
 * @param dropped how many records are fresh enough
 * @param invalid the wishes that can be none
 */
public record Asked(int queued, int raised, int kept, int dropped, List<Invalid> invalid) {

  public Asked {
    invalid = List.copyOf(invalid);
  }

  /**
   * A wish that can be none.
   *
   * @param index which, counted from 0
   * @param reason why, fit to be shown; it names the field
   */
  public record Invalid(int index, String reason) {}
}
