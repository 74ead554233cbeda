package org.chameleon.plan;

import java.util.List;
import java.util.Optional;

/**
 * How a trainer gets at a domain's documents.
 *
 * @param pathTemplate where the trainer keeps its own copy of a domain, with {@code {domain}} for
 *     the name; unset: it reads the corpus's files
 * @param domainColumn the column that tells domains apart in a file that holds several
 */
record CorpusAccess(Optional<String> pathTemplate, String domainColumn) {

  /** Returns the paths of a domain, as trainers in Python expect them. */
  List<String> paths(SamplingPlan.Domain domain) {
    return pathTemplate
        .map(template -> List.of(template.replace("{domain}", domain.name())))
        .orElseGet(() -> domain.sources().stream().map(s -> LocalPaths.plain(s.path())).toList());
  }

  /** Returns whether a path of this domain holds rows of others too. */
  boolean isShared(SamplingPlan.Domain domain) {
    return pathTemplate.isEmpty() && domain.hasSharedFiles();
  }
}
