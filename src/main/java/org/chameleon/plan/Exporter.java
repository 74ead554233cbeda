package org.chameleon.plan;

import java.util.Map;

/** Writes a plan as one trainer reads it. */
interface Exporter {

  /**
   * Returns the files, by name, as text.
   *
   * @param access where the documents are
   * @throws org.chameleon.config.InvalidInputException if the trainer cannot express the plan
   */
  Map<String, String> files(SamplingPlan plan, CorpusAccess access);
}
