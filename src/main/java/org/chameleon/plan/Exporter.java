package org.chameleon.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.chameleon.mixture.Warning;

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

  /** Returns what the reader of the plan should know of this trainer's files. */
  default List<Warning> warnings(List<SamplingPlan.Domain> domains, Optional<String> pathTemplate) {
    Optional<String> obstacle = obstacle(domains, pathTemplate);
    if (obstacle.isPresent()) {
      return List.of(
          new Warning(
              "NOT_EXPORTED",
              List.of(),
              "No file was written for %s: %s".formatted(name(), obstacle.get())));
    }
    List<String> shared =
        domains.stream()
            .filter(SamplingPlan.Domain::hasSharedFiles)
            .map(SamplingPlan.Domain::name)
            .toList();
    return shared.isEmpty() || pathTemplate.isPresent()
        ? List.of()
        : List.of(
            new Warning(
                "SHARED_FILES",
                shared,
                "Their files hold several domains, so a path does not name one. Set plan.paths.%s, or split the files."
                    .formatted(name())));
  }

  /** Returns the trainer's name. */
  String name();
}
