package org.chameleon.run;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A change of the domains of a run that had ended.
 *
 * @param what {@code add}, {@code remove}, {@code merge} or {@code split}
 * @param made domains that were sampled and embedded for it
 * @param gone domains that the run had before and has no more
 * @param at when it was put in place, UTC, ISO 8601
 * @param runId of the submission
 * @param weightsBefore the weights that the domains had, as they were planned
 */
public record Change(
    String what,
    List<String> made,
    List<String> gone,
    String at,
    String runId,
    SortedMap<String, Double> weightsBefore) {
  /** Copies the collections. */
  public Change {
    made = List.copyOf(made);
    gone = List.copyOf(gone);
    weightsBefore = new TreeMap<>(weightsBefore);
  }
}
