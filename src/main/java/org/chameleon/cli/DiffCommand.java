package org.chameleon.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.run.Publication;
import org.chameleon.run.RunComparison;
import org.chameleon.run.RunDirectory;
import org.chameleon.storage.HadoopSettings;
import org.chameleon.storage.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code chameleon diff}: what moved between two runs, and why. */
@Command(
    name = "diff",
    description =
        "Compare the weights and settings of two runs: the planned weights, which trainers are"
            + " told of, where both have a plan; how far the two agree, and whether they are of"
            + " different proxies.",
    footer = {
      "Exits with 1 if a weight moved by more than --max-change.",
      "",
      "Examples:",
      "  chameleon diff --run runs/monday --run runs/tuesday",
      "  chameleon diff --published runs --run runs/tuesday --max-change 0.05"
    })
final class DiffCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--run",
      required = true,
      description = "run directory; given twice: the earlier and the later")
  private List<String> runs;

  @Option(
      names = "--published",
      paramLabel = "FOLDER",
      description = "the earlier run is the one that FOLDER/latest.json names, if there is one")
  private String published;

  @Option(
      names = "--max-change",
      description = "largest change of a weight that is accepted, such as 0.05 (five points)")
  private Double maxChange;

  @Option(names = "--json", description = "print JSON")
  private boolean json;

  @Override
  public Integer call() {
    MaxChange.require(maxChange, spec);
    Configuration hadoop = HadoopSettings.ofSubmission();
    Optional<String> earlier = earlier(hadoop);
    if (earlier.isEmpty()) {
      spec.commandLine().getOut().println("Nothing is published in " + published + " yet.");
      return 0;
    }
    RunComparison comparison =
        RunComparison.of(
            RunDirectory.at(earlier.get(), hadoop),
            RunDirectory.at(runs.get(runs.size() - 1), hadoop));
    PrintWriter out = spec.commandLine().getOut();
    out.print(json ? Json.text(comparison) : new ComparisonTable(comparison).text());
    out.flush();
    if (maxChange == null || comparison.largestChange() <= maxChange) {
      return 0;
    }
    spec.commandLine()
        .getErr()
        .printf(
            Locale.ROOT,
            "The %s weight of '%s' moved by %s points, more than --max-change = %s allows.%n",
            comparison.compared(),
            comparison.furthest().name(),
            ComparisonTable.points(comparison.furthest().change()),
            ComparisonTable.points(maxChange));
    return 1;
  }

  private Optional<String> earlier(Configuration hadoop) {
    int wanted = published == null ? 2 : 1;
    if (runs.size() != wanted) {
      throw new ParameterException(
          spec.commandLine(),
          "diff compares two runs, %d given. Give --run twice, or once beside --published."
              .formatted(runs.size() + 2 - wanted));
    }
    return published == null
        ? Optional.of(runs.get(0))
        : Publication.in(published, hadoop).map(Publication::run);
  }
}
