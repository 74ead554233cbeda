package org.chameleon.cli;

import org.apache.hadoop.conf.Configuration;
import org.chameleon.run.Publication;
import org.chameleon.run.Publication.EvidenceNeed;
import org.chameleon.run.RunDirectory;
import org.chameleon.storage.HadoopSettings;
import org.chameleon.storage.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chameleon publish}: makes a run the one that {@code latest.json} names. */
@Command(
    name = "publish",
    description = "Name a run in FOLDER/latest.json, in one step.",
    footerHeading = "%nExample:%n",
    footer = {
      "  chameleon publish --run runs/tuesday --to runs",
      "  chameleon publish --run runs/tuesday --to runs --require-evidence"
    })
final class PublishCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Option(names = "--run", required = true, description = "run directory")
  private String run;

  @Option(names = "--to", required = true, paramLabel = "FOLDER", description = "any Hadoop URI")
  private String folder;

  @Option(
      names = "--require-evidence",
      description =
          "refuse a mixture that was not evaluated, or that is neither the recommended one nor was"
              + " shown to be better than its baselines")
  private boolean requireEvidence;

  @Override
  public void run() {
    Configuration hadoop = HadoopSettings.ofSubmission();
    EvidenceNeed need = requireEvidence ? EvidenceNeed.REQUIRED : EvidenceNeed.OPTIONAL;
    Publication published = Publication.publish(RunDirectory.at(run, hadoop), need, folder, hadoop);
    spec.commandLine().getOut().print(Json.text(published));
    spec.commandLine().getOut().flush();
  }
}
