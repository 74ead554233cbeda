package org.chameleon.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.DomainChange;
import org.chameleon.Explanation;
import org.chameleon.RunConfig;
import org.chameleon.config.Secrets;
import org.chameleon.run.Artifact;
import org.chameleon.run.RunComparison;
import org.chameleon.run.RunDirectory;
import org.chameleon.storage.Existing;
import org.chameleon.storage.HadoopSettings;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** What the commands that change the domains of a run have in common. */
final class ChangeOptions {
  @Option(names = "--run", required = true, description = "directory of a finished run")
  private String run;

  @Option(
      names = "--set",
      paramLabel = "key=value",
      description =
          "a configuration value of mixture, plan, evaluation or report, such as"
              + " plan.tokens=2e9; repeatable")
  private Map<String, String> overrides = new LinkedHashMap<>();

  @Option(
      names = "--max-change",
      description =
          "largest change of the weight of a domain that is not itself changed, such as 0.05 (five"
              + " points); above it the run stays as it is")
  private Double maxChange;

  @Option(
      names = "--run-id",
      description = "name of this submission in run.json; one that is there is not made again")
  private String runId = UUID.randomUUID().toString();

  /**
   * Makes a change, prints what it moves, and puts it in place if it may be.
   *
   * @param file configuration file, or null
   * @return the exit code
   */
  int change(CommandSpec spec, String file, Function<DomainChange, DomainChange.Made> what) {
    MaxChange.require(maxChange, spec);
    Configuration hadoop = HadoopSettings.ofSubmission();
    RunConfig asked =
        DomainChange.configuration(RunDirectory.at(run, hadoop), file, overrides, hadoop);
    PrintWriter out = spec.commandLine().getOut();
    try (Session session = Session.start();
        RunDirectory directory =
            RunDirectory.prepare(
                run,
                Existing.RESUME,
                asked.inputs(),
                session.spark().sparkContext().hadoopConfiguration())) {
      if (directory.record("change").isChangedBy(runId)) {
        out.printf("%s has changed it already.%n", runId);
        return 0;
      }
      DomainChange change = new DomainChange(session.spark(), directory, asked, runId);
      DomainChange.Made made = what.apply(change);
      out.print(new ComparisonTable(made.moved()).text());
      Explanation.of(directory, made.directory(), made.moved())
          .ifPresent(explanation -> out.print(new ExplanationTable(explanation).text()));
      out.print(ReuseTable.text(made.directory().mixture()));
      out.flush();
      if (isTooMuch(made)) {
        refuse(made.furthest().orElseThrow(), spec);
        return 1;
      }
      change.commit(made);
      out.printf("%-9s %s%n", "manifest", Secrets.hidden(directory.uri(Artifact.MANIFEST)));
      out.printf("%-9s %s%n", "report", Secrets.hidden(directory.uri(Artifact.REPORT)));
      out.flush();
      return 0;
    }
  }

  private boolean isTooMuch(DomainChange.Made made) {
    Optional<RunComparison.Change> furthest = made.furthest();
    return maxChange != null
        && furthest.filter(domain -> Math.abs(domain.change()) > maxChange).isPresent();
  }

  private void refuse(RunComparison.Change furthest, CommandSpec spec) {
    spec.commandLine()
        .getErr()
        .printf(
            Locale.ROOT,
            "The weight of '%s' would move by %s points, more than --max-change = %s allows: the run is as it was.%n",
            furthest.name(),
            ComparisonTable.points(furthest.change()),
            ComparisonTable.points(maxChange));
  }
}
