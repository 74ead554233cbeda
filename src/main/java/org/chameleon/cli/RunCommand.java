package org.chameleon.cli;

import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.Chameleon;
import org.chameleon.RunConfig;
import org.chameleon.config.Secrets;
import org.chameleon.run.Artifact;
import org.chameleon.run.Publication;
import org.chameleon.run.RunDirectory;
import org.chameleon.run.Stage;
import org.chameleon.storage.Existing;
import org.chameleon.storage.HadoopSettings;
import org.chameleon.storage.InputPaths;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chameleon run}: from a corpus to its mixture, plan and report. */
@Command(
    name = "run",
    description = "Compute the mixture of a corpus.",
    footerHeading = "%nExample:%n",
    footer = {
      "  chameleon run --config conf/quickstart.conf --output runs/a",
      "  chameleon run --config conf/quickstart.conf --output runs/a --resume \\",
      "      --set mixture.objective=finetune",
      "  chameleon run --config conf/quickstart.conf --output runs/b --base runs/a"
    })
final class RunCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Mixin private RunOptions options;

  @Option(names = "--until", description = "last stage to run: ${COMPLETION-CANDIDATES}")
  private Stage until = Stage.REPORT;

  @Option(names = "--run-id", description = "name of this submission in run.json")
  private String runId = UUID.randomUUID().toString();

  @ArgGroup private ExistingRun existing = new ExistingRun();

  @ArgGroup private EarlierRun earlier = new EarlierRun();

  /** The run to begin from; at most one of the two. */
  static final class EarlierRun {
    @Option(
        names = "--base",
        paramLabel = "RUN",
        description =
            "a finished run: its proxy, and windows and embeddings of domains that have not"
                + " changed since, are copied, not made again")
    private String run;

    @Option(
        names = "--published",
        paramLabel = "FOLDER",
        description = "as --base, the run that FOLDER/latest.json names, if there is one")
    private String published;

    Optional<String> run(Configuration hadoop) {
      return published == null
          ? Optional.ofNullable(run)
          : Publication.in(published, hadoop).map(Publication::run);
    }
  }

  /** What to do with an output that exists; at most one of the two. */
  static final class ExistingRun {
    @Option(names = "--resume", description = "keep the stages of the output that still hold")
    private boolean resume;

    @Option(names = "--overwrite", description = "delete the run in the output and start over")
    private boolean overwrite;

    Existing choice() {
      if (overwrite) {
        return Existing.OVERWRITE;
      }
      return resume ? Existing.RESUME : Existing.REFUSE;
    }
  }

  @Override
  public void run() {
    Configuration hadoop = HadoopSettings.ofSubmission();
    RunConfig run = options.load(hadoop);
    Optional<RunDirectory> base =
        earlier
            .run(hadoop)
            .map(uri -> RunDirectory.at(uri, hadoop))
            .filter(b -> !b.is(run.output()));
    InputPaths inputs =
        base.map(found -> run.inputs().and("--base", found.toString())).orElse(run.inputs());
    try (Session session = Session.start();
        RunDirectory directory =
            RunDirectory.prepare(
                run.output(),
                existing.choice(),
                inputs,
                session.spark().sparkContext().hadoopConfiguration())) {
      base.ifPresent(directory::beginFrom);
      new Chameleon(session.spark(), run, directory, runId).run(until);
      if (!Stage.PLAN.isAfter(until)) {
        spec.commandLine()
            .getOut()
            .print(new MixtureTable(directory.mixture(), directory.plan()).text());
      }
      print(directory, "manifest", Artifact.MANIFEST);
      print(directory, "report", Artifact.REPORT);
      spec.commandLine().getOut().flush();
    }
  }

  private void print(RunDirectory directory, String what, Artifact artifact) {
    if (directory.has(artifact)) {
      spec.commandLine()
          .getOut()
          .printf("%-9s %s%n", what, Secrets.hidden(directory.uri(artifact)));
    }
  }
}
