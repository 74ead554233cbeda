package org.chameleon.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.config.InvalidInputException;
import org.chameleon.config.Secrets;
import org.chameleon.plan.Evidence;
import org.chameleon.plan.SamplingPlan;
import org.chameleon.storage.Folder;
import org.chameleon.storage.Json;
import org.chameleon.storage.Verifier;

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

  /** What is asked of a plan's mixture. */
  public enum EvidenceNeed {
    /** Nothing. */
    OPTIONAL,
    /** It was evaluated, and is the recommended one or was shown to be better. */
    REQUIRED
  }

  /** Refuses one that names no run. */
  public Publication {
    if (run == null || manifest == null || weightsSha256 == null) {
      throw new IllegalArgumentException("a publication names a run, its plan and its weights");
    }
  }

  /** Returns what is published in a folder, if anything is. */
  public static Optional<Publication> in(String uri, Configuration hadoop) {
    Folder folder = Folder.at(uri, hadoop);
    if (!folder.has(LATEST)) {
      return Optional.empty();
    }
    Publication found = folder.json(LATEST, Publication.class);
    if (Secrets.wereIn(found.run())) {
      throw new InvalidInputException(
          "Cannot open the run that %s names, %s: the secrets of its address are not written down. Name the run itself."
              .formatted(Secrets.hidden(folder.uri(LATEST)), found.run()));
    }
    return Optional.of(found);
  }

  /**
   * Makes a run the one that a folder's {@code latest.json} names, in one step.
   *
   * @throws InvalidInputException if the run has not done all its stages, its plan is not the one
   *     it recorded, evidence is required and there is none for its mixture, or the folder's {@code
   *     latest.json} is somebody else's
   */
  public static Publication publish(
      RunDirectory run, EvidenceNeed need, String uri, Configuration hadoop) {
    List<String> problems = new ArrayList<>(RunStatus.of(run, Stage.REPORT, null).problems());
    if (problems.isEmpty()) {
      problems.addAll(run.problems(Verifier.here(run.folder()), Stage.PLAN));
    }
    if (!problems.isEmpty()) {
      throw new InvalidInputException(
          "Cannot publish %s: %s Run it again with --resume."
              .formatted(run, String.join(" ", problems)));
    }
    SamplingPlan plan = run.plan();
    if (need == EvidenceNeed.REQUIRED) {
      requireEvidence(run, plan.evidence());
    }
    Publication publication =
        new Publication(
            Secrets.hidden(run.toString()), Secrets.hidden(run.uri(Artifact.MANIFEST)), hash(plan));
    String draft = "." + LATEST + "-" + UUID.randomUUID();
    Folder folder = Folder.at(uri, hadoop);
    requireOurs(folder);
    folder.replace(LATEST, draft, Json.text(publication));
    return publication;
  }

  private static void requireOurs(Folder folder) {
    try {
      if (folder.has(LATEST)) {
        folder.json(LATEST, Publication.class);
      }
    } catch (InvalidInputException e) {
      throw new InvalidInputException(
          "Cannot publish in %s: its %s is of something else. Publish into another folder, or move it away."
              .formatted(Secrets.hidden(folder.toString()), LATEST),
          e);
    }
  }

  private static void requireEvidence(RunDirectory run, Evidence evidence) {
    if (evidence == null) {
      throw new InvalidInputException(
          "Cannot publish %s: its mixture has not been evaluated. Run chameleon evaluate --run %s, or publish without --require-evidence."
              .formatted(run, run));
    }
    if (!evidence.supports()) {
      throw new InvalidInputException(
          "Cannot publish %s: its mixture, %s, was %s. Run it again with --resume and plan.from = recommended, which plans %s, or publish without --require-evidence."
              .formatted(run, evidence.mixture(), evidence.inWords(), evidence.recommended()));
    }
  }

  private static String hash(SamplingPlan plan) {
    StringBuilder lines = new StringBuilder();
    plan.domains()
        .forEach(d -> lines.append(d.name()).append('\t').append(d.weight()).append('\n'));
    return DigestUtils.sha256Hex(lines.toString());
  }
}
