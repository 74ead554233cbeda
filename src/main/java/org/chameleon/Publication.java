package org.chameleon;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.chameleon.cluster.HadoopSettings;
import org.chameleon.config.InvalidInputException;
import org.chameleon.plan.SamplingPlan;

/**
 * The run whose plan trainers should use now: the content of {@code latest.json}.
 *
 * @param run URI of its directory
 * @param manifest URI of its plan
 * @param weightsSha256 of its planned weights, a line {@code domain TAB weight LF} for each: equal
 *     where they are, whatever else of the run differs
 */
public record Publication(String run, String manifest, String weightsSha256) {
  private static final String LATEST = "latest.json";

  /** Returns what is published in a folder, if anything is. */
  public static Optional<Publication> in(String folder, Configuration hadoop) {
    RunDirectory published = RunDirectory.at(folder, hadoop);
    return published.has(LATEST)
        ? Optional.of(published.json(LATEST, Publication.class))
        : Optional.empty();
  }

  /**
   * Publishes a run: {@code latest.json} is replaced in one step.
   *
   * @throws InvalidInputException if the run has not done all its stages, or its plan is not the
   *     one it recorded
   */
  public static Publication publish(RunDirectory run, String folder, Configuration hadoop) {
    List<String> problems = RunStatus.of(run, Stage.REPORT, null).problems();
    problems = problems.isEmpty() ? new RunVerifier(run).problems(Stage.PLAN) : problems;
    if (!problems.isEmpty()) {
      throw new InvalidInputException(
          "Cannot publish %s: %s Run it again with --resume."
              .formatted(run, String.join(" ", problems)));
    }
    String manifest = "plan/manifest.json";
    Publication publication =
        new Publication(
            run.toString(), run.uri(manifest), hash(run.json(manifest, SamplingPlan.class)));
    Path file = new Path(folder, LATEST);
    Path draft = new Path(folder, "." + LATEST + "-" + UUID.randomUUID());
    try {
      AtomicFile.replace(
          HadoopSettings.fileSystem(file, hadoop), file, draft, Json.text(publication));
    } catch (IOException e) {
      throw new InvalidInputException("Cannot write " + file + ": " + e.getMessage() + ".", e);
    }
    return publication;
  }

  private static String hash(SamplingPlan plan) {
    StringBuilder lines = new StringBuilder();
    plan.domains()
        .forEach(d -> lines.append(d.name()).append('\t').append(d.weight()).append('\n'));
    return DigestUtils.sha256Hex(lines.toString());
  }
}
