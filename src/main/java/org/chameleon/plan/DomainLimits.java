package org.chameleon.plan;

import java.util.Optional;
import org.chameleon.config.Range;

/**
 * What a single domain has and may take, where it differs from what is found and from the others.
 *
 * @param maxEpochs most passes over it; unset: as for all
 * @param floor least share of the training tokens; unset: as for all
 * @param ceiling most share of the training tokens; unset: as for all
 * @param availableTokens its tokens; unset: as counted or estimated
 * @param availableRows its documents; unset: as counted
 */
public record DomainLimits(
    @Range(min = 0, aboveMin = true) Optional<Double> maxEpochs,
    @Range(min = 0, max = 1) Optional<Double> floor,
    @Range(min = 0, max = 1) Optional<Double> ceiling,
    @Range(min = 1) Optional<Long> availableTokens,
    @Range(min = 1) Optional<Long> availableRows) {

  /** Nothing that differs. */
  static final DomainLimits NONE =
      new DomainLimits(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
