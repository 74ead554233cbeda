package org.chameleon.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.chameleon.Chameleon;
import org.chameleon.RunConfig;
import org.chameleon.RunDirectory;
import org.chameleon.RunDirectory.Existing;
import org.chameleon.Stage;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chameleon run}: from a corpus to its mixture, plan and report. */
@Command(name = "run", description = "Compute the mixture of a corpus.")
final class RunCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Option(names = "--config", required = true, description = "configuration file, local or a URI")
  private String config;

  @Option(names = "--output", description = "run directory, any Hadoop URI")
  private String output;

  @Option(
      names = "--set",
      paramLabel = "key=value",
      description = "a configuration value, such as embedding.partitions=7; repeatable")
  private Map<String, String> overrides = new LinkedHashMap<>();

  @Option(names = "--until", description = "last stage to run: ${COMPLETION-CANDIDATES}")
  private Stage until = Stage.REPORT;

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
    if (output != null) {
      overrides.put("output", output);
    }
    RunConfig run = RunConfig.load(config, overrides, new Configuration());
    try (SparkSession spark = Session.start();
        RunDirectory directory =
            RunDirectory.prepare(
                run.output(), existing.choice(), spark.sparkContext().hadoopConfiguration())) {
      Chameleon chameleon = new Chameleon(spark, run, directory);
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
