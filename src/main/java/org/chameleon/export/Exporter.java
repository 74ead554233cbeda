package org.chameleon.export;

import org.chameleon.plan.SamplingPlan;

/** Writes a plan as one trainer reads it. */
interface Exporter {

  /**
   * Returns the files, and what the reader should know of them.
   *
   * @param access where the documents are
   * @throws NotExpressible if the trainer cannot be told of the plan
   */
  Export export(SamplingPlan plan, CorpusAccess access) throws NotExpressible;
}
