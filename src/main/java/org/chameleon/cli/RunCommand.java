package org.chameleon.cli;

import java.util.UUID;
import org.chameleon.Chameleon;
import org.chameleon.RunConfig;
import org.chameleon.RunDirectory;
import org.chameleon.RunDirectory.Existing;
import org.chameleon.Stage;
import org.chameleon.storage.HadoopSettings;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chameleon run}: from a corpus to its mixture, plan and report. */
@Command(name = "run", description = "Compute the mixture of a corpus.")
final class RunCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Mixin private RunOptions options;

  @Option(names = "--until", description = "last stage to run: ${COMPLETION-CANDIDATES}")
  private Stage until = Stage.REPORT;

  @Option(names = "--run-id", description = "name of this submission in run.json")
  private String runId = UUID.randomUUID().toString();

  @ArgGroup private ExistingRun existing = new ExistingRun();

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
    RunConfig run = options.load(HadoopSettings.ofSubmission());
    try (Session session = Session.start();
        RunDirectory directory =
            RunDirectory.prepare(
                run.output(),
                existing.choice(),
                session.spark().sparkContext().hadoopConfiguration())) {
      Chameleon chameleon = new Chameleon(session.spark(), run, directory, runId);
      chameleon.run(until);
      if (until.compareTo(Stage.PLAN) >= 0) {
        spec.commandLine()
            .getOut()
            .print(new MixtureTable(chameleon.mixture(), chameleon.manifest()).text());
      }
      print(directory, "manifest", "plan/manifest.json");
      print(directory, "report", "report.html");
      spec.commandLine().getOut().flush();
    }
  }

  private void print(RunDirectory directory, String what, String name) {
    if (directory.has(name)) {
      spec.commandLine().getOut().printf("%-9s %s%n", what, directory.uri(name));
    }
  }
}
