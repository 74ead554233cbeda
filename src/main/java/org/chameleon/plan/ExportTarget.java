package org.chameleon.plan;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.chameleon.mixture.Warning;

/** A trainer whose mixture file can be written. */
public enum ExportTarget {
  /** Megatron-LM and Megatron-Core: blends of tokenized datasets. */
  MEGATRON,
  /** Hugging Face {@code datasets}: arguments of {@code interleave_datasets} and a dataset card. */
  HUGGINGFACE;

  Exporter exporter() {
    return switch (this) {
      case MEGATRON -> new MegatronExporter();
      case HUGGINGFACE -> new HuggingFaceExporter();
    };
  }

  /**
   * Returns what the reader of a plan should know of this trainer's files.
   *
   * @param pathTemplate where the trainer keeps its own copy of a domain, if it does
   */
  List<Warning> warnings(List<SamplingPlan.Domain> domains, Optional<String> pathTemplate) {
    Optional<String> obstacle = exporter().obstacle(domains, pathTemplate);
    if (obstacle.isPresent()) {
      String message = "No file was written for %s: %s".formatted(this, obstacle.get());
      return List.of(new Warning("NOT_EXPORTED", List.of(), message));
    }
    List<String> shared =
        domains.stream()
            .filter(SamplingPlan.Domain::hasSharedFiles)
            .map(SamplingPlan.Domain::name)
            .toList();
    if (shared.isEmpty() || pathTemplate.isPresent()) {
      return List.of();
    }
    String message =
        "Their files hold several domains, so a path does not name one. Set plan.paths.%s, or split the files."
            .formatted(this);
    return List.of(new Warning("SHARED_FILES", shared, message));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
