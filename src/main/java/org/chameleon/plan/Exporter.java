package org.chameleon.plan;

import java.util.Map;
import java.util.Optional;

/** Writes a plan as one trainer reads it. */
interface Exporter {

  /**
   * Returns the files, by name, as text.
   *
   * @param pathTemplate where the trainer keeps a domain, if not in the corpus's own files
   * @throws org.chameleon.config.InvalidInputException if the trainer cannot express the plan
   */
  Map<String, String> files(SamplingPlan plan, Optional<String> pathTemplate);
}
