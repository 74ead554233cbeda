package org.chameleon.run;

import java.util.Optional;
import org.apache.spark.sql.types.StructType;
import org.chameleon.embedding.DomainStates;
import org.chameleon.sampling.Windows;

/** What a run leaves, each in one place. */
public enum Artifact {
  /** A Hugging Face checkpoint directory. */
  PROXY(Stage.TRAIN, ""),
  /** How the proxy was trained, if it was: {@link org.chameleon.training.TrainingLog}. */
  TRAINING_LOG(Stage.TRAIN, "training.json"),
  /** Sampled windows: {@link Windows}. */
  WINDOWS(Stage.SAMPLE, "windows"),
  /** Sizes of the domains: {@link DomainSizes}. */
  STATISTICS(Stage.SAMPLE, "domains.json"),
  /** An embedding of each window: {@link org.chameleon.embedding.Samples}. */
  SAMPLES(Stage.EMBED, "samples"),
  /** What the embeddings of each domain come to: {@link DomainStates}. */
  STATES(Stage.EMBED, "states"),
  /** The mean embedding of each domain: {@link org.chameleon.embedding.DomainTable}. */
  MEANS(Stage.EMBED, "domains.parquet"),
  /** Weights and what they were computed from: {@link org.chameleon.mixture.Mixture}. */
  MIXTURE(Stage.MIX, ""),
  /** Sizes of the domains in the plan's tokens: {@link DomainSizes}. */
  TOKENS(Stage.COUNT, ""),
  /** What trained models say of mixtures: {@link org.chameleon.evaluation.Results}. */
  RESULTS(Stage.EVALUATE, "results.json"),
  /** What to train with: {@link org.chameleon.evaluation.Recommendation}. */
  RECOMMENDATION(Stage.EVALUATE, "recommendation.json"),
  /** The windows that models were measured on. */
  HELD_OUT(Stage.EVALUATE, "held-out"),
  /** The windows of the target that models were measured on too, where there is one. */
  TARGET_WINDOWS(Stage.EVALUATE, "target"),
  /** The models that were trained, where they are kept. */
  MODELS(Stage.EVALUATE, "models"),
  /** The plan: {@link org.chameleon.plan.SamplingPlan}. */
  MANIFEST(Stage.PLAN, "manifest.json"),
  /** Mixture files of trainers. */
  EXPORTS(Stage.PLAN, "exports"),
  /** The page. */
  REPORT(Stage.REPORT, "");

  private final Stage stage;
  private final String name;

  Artifact(Stage stage, String name) {
    this.stage = stage;
    this.name = name;
  }

  /** Returns the columns of a table, where they are the same in any run. */
  Optional<StructType> schema() {
    return switch (this) {
      case WINDOWS -> Optional.of(Windows.SCHEMA);
      case STATES -> Optional.of(DomainStates.SCHEMA);
      default -> Optional.empty();
    };
  }

  /** Returns the stage that makes it. */
  public Stage stage() {
    return stage;
  }

  /** Returns its path in the run directory. */
  public String path() {
    return name.isEmpty() ? stage.output() : stage.output() + "/" + name;
  }
}
