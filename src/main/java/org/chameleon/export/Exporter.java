package org.chameleon.export;

/** Writes a plan as one trainer reads it. */
interface Exporter {

  /**
   * Returns the files, and what the reader should know of them.
   *
   * @param shares of the plan, in the units in which trainers draw
   * @param access where the documents are
   * @throws NotExpressible if the trainer cannot be told of the plan
   */
  Export export(DrawnShares shares, CorpusAccess access) throws NotExpressible;
}
