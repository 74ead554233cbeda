package org.chameleon.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.Evaluation;
import org.chameleon.RunConfig;
import org.chameleon.config.Secrets;
import org.chameleon.run.Artifact;
import org.chameleon.run.RunDirectory;
import org.chameleon.storage.Existing;
import org.chameleon.storage.HadoopSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chameleon evaluate}: whether a run's mixture helps, and which one should be used. */
@Command(
    name = "evaluate",
    description = "Train small models under a run's mixture and its baselines, and recommend one.",
    footerHeading = "%nExample:%n",
    footer = {
      "  chameleon evaluate --run runs/a --plan",
      "  chameleon evaluate --run runs/a --set evaluation.seeds=3"
    })
final class EvaluateCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Option(names = "--run", required = true, description = "directory of a finished run")
  private String run;

  @Option(
      names = "--config",
      description =
          "configuration with a section evaluation; the rest as the run had it, where its corpus"
              + " has secrets, which are not recorded")
  private String config;

  @Option(
      names = "--set",
      paramLabel = "key=value",
      description = "a configuration value, such as evaluation.seeds=3; repeatable")
  private Map<String, String> overrides = new LinkedHashMap<>();

  @Option(names = "--plan", description = "say what would be trained, and how long; train nothing")
  private boolean planOnly;

  @Option(names = "--run-id", description = "name of this submission in run.json")
  private String runId = UUID.randomUUID().toString();

  @Override
  public void run() {
    Configuration hadoop = HadoopSettings.ofSubmission();
    RunConfig evaluated =
        Evaluation.configuration(RunDirectory.at(run, hadoop), config, overrides, hadoop);
    try (Session session = Session.start();
        RunDirectory directory =
            RunDirectory.prepare(
                run,
                Existing.RESUME,
                evaluated.inputs(),
                session.spark().sparkContext().hadoopConfiguration())) {
      Evaluation evaluation = new Evaluation(session.spark(), evaluated, directory, runId);
      print(new EvaluationPlanTable(evaluation.estimate()).text());
      if (!planOnly) {
        evaluation.run();
        print(
            new EvaluationTable(
                    directory.results().orElseThrow(), directory.recommendation().orElseThrow())
                .text());
        print(
            "%-9s %s%n".formatted("results", Secrets.hidden(directory.uri(Artifact.RESULTS)))
                + "%-9s %s%n".formatted("report", Secrets.hidden(directory.uri(Artifact.REPORT))));
      }
    }
  }

  private void print(String text) {
    spec.commandLine().getOut().print(text);
    spec.commandLine().getOut().flush();
  }
}
