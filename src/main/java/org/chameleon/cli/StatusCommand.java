package org.chameleon.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.RunConfig;
import org.chameleon.run.Publication;
import org.chameleon.run.RunDirectory;
import org.chameleon.run.RunStatus;
import org.chameleon.run.Stage;
import org.chameleon.run.StageRecord;
import org.chameleon.storage.Existing;
import org.chameleon.storage.HadoopSettings;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code chameleon status}: what run.json says of a run, for scripts that cannot trust an exit
 * code.
 */
@Command(
    name = "status",
    description = "Say which stages of a run are done; exit with 0 only if all are.",
    footerHeading = "%nExample:%n",
    footer = "  chameleon status --run runs/a")
final class StatusCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @ArgGroup(multiplicity = "1")
  private Which which;

  @Option(names = "--until", description = "last stage asked for: ${COMPLETION-CANDIDATES}")
  private Stage until = Stage.REPORT;

  @Option(names = "--run-id", description = "the submission that must have written it")
  private String runId;

  @Option(
      names = {"--resume", "--overwrite"},
      hidden = true,
      description = "taken and ignored, so that a script can pass on what it gave to run")
  private boolean ignored;

  @Option(names = "--published", hidden = true, description = "as given to run: it is looked at")
  private String published;

  /** The run itself, or what it was started with. */
  static final class Which {
    @Option(names = "--run", description = "run directory")
    private String run;

    @ArgGroup(exclusive = false)
    private RunOptions options;

    /** Returns the run; where it has written nothing, what speaks against it is said. */
    RunDirectory directory(Configuration hadoop) {
      if (run != null) {
        return RunDirectory.at(run, hadoop);
      }
      RunConfig config = options.load(hadoop);
      RunDirectory directory = RunDirectory.at(config.output(), hadoop);
      if (directory.record() == null) {
        RunDirectory.requireWritable(config.output(), Existing.RESUME, config.inputs(), hadoop);
      }
      return directory;
    }
  }

  @Override
  public Integer call() {
    Configuration hadoop = HadoopSettings.ofSubmission();
    if (published != null) {
      Publication.in(published, hadoop);
    }
    RunDirectory directory = which.directory(hadoop);
    RunStatus status = RunStatus.of(directory, until, runId);
    status
        .stages()
        .forEach(
            (stage, record) ->
                spec.commandLine()
                    .getOut()
                    .println(
                        String.format(
                            Locale.ROOT, "%-7s %-8s %8s", stage, word(record), seconds(record))));
    spec.commandLine().getOut().flush();
    status.problems().forEach(problem -> spec.commandLine().getErr().println(problem));
    if (status.futile()) {
      spec.commandLine().getErr().println(Main.FUTILE);
    }
    return status.problems().isEmpty() ? 0 : 1;
  }

  private static String word(StageRecord record) {
    return record == null ? "-" : record.status().toString();
  }

  private static String seconds(StageRecord record) {
    return record == null ? "" : String.format(Locale.ROOT, "%.1f s", record.seconds());
  }
}
