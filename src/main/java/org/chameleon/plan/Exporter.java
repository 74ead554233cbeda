package org.chameleon.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes a plan as one trainer reads it. */
interface Exporter {

  /**
   * Returns the files, by name, as text.
   *
   * @param access where the documents are
   * @throws org.chameleon.config.InvalidInputException if the trainer cannot express the plan
   */
  Map<String, String> files(SamplingPlan plan, CorpusAccess access);

  /**
   * Returns why the trainer cannot be told of the plan, if it cannot.
   *
   * @param pathTemplate where the trainer keeps its own copy of a domain, if it does
   */
  Optional<String> obstacle(List<SamplingPlan.Domain> domains, Optional<String> pathTemplate);
}
