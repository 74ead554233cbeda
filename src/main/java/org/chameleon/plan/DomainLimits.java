package org.chameleon.plan;

import java.util.Optional;
import org.chameleon.config.Range;

/**
 * What a single domain may take, where it differs from the others.
 *
 * @param maxEpochs most passes over it; unset: as for all
 * @param floor least share of the training tokens; unset: as for all
 * @param ceiling most share of the training tokens; unset: as for all
 */
public record DomainLimits(
    @Range(min = 0, aboveMin = true) Optional<Double> maxEpochs,
    @Range(min = 0, max = 1) Optional<Double> floor,
    @Range(min = 0, max = 1) Optional<Double> ceiling) {}
