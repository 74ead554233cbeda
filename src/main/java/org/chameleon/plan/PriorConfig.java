package org.chameleon.plan;

import java.util.Map;
import java.util.Optional;
import org.chameleon.config.Range;

/**
 * What the computed mixture is drawn towards, and how far.
 *
 * @param kind the prior; unset: none
 * @param strength β of {@code w^(1-β) · p^β}
 * @param temperature of {@link Prior#PROPORTIONAL}: above 1 it evens sizes out
 * @param shares of {@link Prior#GIVEN}, by domain, of any sum
 */
public record PriorConfig(
    Optional<Prior> kind,
    @Range(min = 0, max = 1) double strength,
    @Range(min = 0, aboveMin = true) double temperature,
    Map<String, Double> shares) {

  /** Refuses shares that are missing, unused or impossible. */
  public PriorConfig {
    shares = Map.copyOf(shares);
    boolean given = kind.isPresent() && kind.get() == Prior.GIVEN;
    if (given == shares.isEmpty()) {
      throw new IllegalArgumentException(
          given
              ? "kind is given, but there are no shares; add shares { domain = number, … }."
              : "shares are there, but kind is not given; set kind = given.");
    }
    shares.forEach(
        (domain, share) -> {
          if (!(share >= 0) || share.isInfinite()) {
            throw new IllegalArgumentException(
                "shares.%s must not be negative, is %s".formatted(domain, share));
          }
        });
    if (given && shares.values().stream().allMatch(share -> share == 0)) {
      throw new IllegalArgumentException("shares are all 0; one must be more.");
    }
  }
}
