package org.chameleon.evaluation;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.SparkSession;
import org.chameleon.config.InvalidInputException;
import org.chameleon.corpus.Corpus;
import org.chameleon.sequences.ContentHashes;

/**
 * All windows that an evaluation measures on.
 *
 * @param heldOut of every domain
 * @param target of the target, if there is one
 */
public record EvaluationWindows(HeldOutWindows heldOut, Optional<HeldOutWindows> target)
    implements AutoCloseable {

  /**
   * The documents that windows are cut from.
   *
   * @param heldOut of the corpus
   * @param target of the target, if there is one
   * @param most tokens of a domain that are measured on
   */
  public record Documents(
      MeasuredDocuments heldOut, Optional<MeasuredDocuments> target, long most) {
    Corpus corpus() {
      return heldOut.corpus();
    }

    /** Returns what the windows of a target depend on. */
    List<Object> identity() {
      return List.of(most, target.map(documents -> documents.corpus().files()).orElse(List.of()));
    }
  }

  /**
   * Cuts the windows.
   *
   * @throws InvalidInputException if a domain or the target has too few
   */
  static EvaluationWindows of(SparkSession spark, Documents documents, EvaluationSetup setup) {
    HeldOutWindows heldOut = windows(spark, documents.heldOut(), documents.most(), setup);
    try {
      return new EvaluationWindows(
          heldOut,
          documents.target().map(target -> windows(spark, target, documents.most(), setup)));
    } catch (Throwable failure) {
      heldOut.close();
      throw failure;
    }
  }

  private static HeldOutWindows windows(
      SparkSession spark, MeasuredDocuments documents, long most, EvaluationSetup setup) {
    return HeldOutWindows.of(
        spark, documents, setup.tokenizer(), setup.context(), most, setup.compute().seed());
  }

  /** Returns the contents of all documents, which nothing is trained on. */
  ContentHashes contents() {
    Set<ContentHashes.Hash> contents = new HashSet<>(heldOut.contents());
    target.ifPresent(windows -> contents.addAll(windows.contents()));
    return new ContentHashes(contents);
  }

  /** Has executors drop the windows. */
  @Override
  public void close() {
    heldOut.close();
    target.ifPresent(HeldOutWindows::close);
  }
}
