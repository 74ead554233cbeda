package org.chameleon.plan;

import java.util.List;
import java.util.Optional;
import org.chameleon.mixture.Warning;

/** What the reader of a plan should know about the evidence for its mixture. */
final class EvidenceWarnings {
  private EvidenceWarnings() {}

  /**
   * Returns the warnings of a plan.
   *
   * @param evidence of its mixture, if it was evaluated
   */
  static List<Warning> of(Optional<Evidence> evidence) {
    if (evidence.isEmpty()) {
      return List.of(
          new Warning(
              "NOT_EVALUATED",
              List.of(),
              "Whether this mixture helps has not been measured. chameleon evaluate --run DIR trains small models under it and its baselines."));
    }
    Evidence found = evidence.get();
    return found.supports()
        ? List.of()
        : List.of(
            new Warning(
                found.verdict() == Verdict.WORSE ? "SHOWN_TO_BE_WORSE" : "NOT_SHOWN_TO_BE_BETTER",
                List.of(),
                "The planned mixture, %s, was %s. Recommended is %s: plan.from = recommended plans it."
                    .formatted(found.mixture(), found.inWords(), found.recommended())));
  }
}
