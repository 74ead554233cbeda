package org.chameleon.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.Explanation;
import org.chameleon.config.Secrets;
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
            + " different proxies; and what moved each weight: settings, domains that came or went,"
            + " its own embedding or those of others, sizes, the plan.",
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
      spec.commandLine()
          .getOut()
          .println(Secrets.hidden("Nothing is published in " + published + " yet."));
      return 0;
    }
    RunDirectory before = RunDirectory.at(earlier.get(), hadoop);
    RunDirectory after = RunDirectory.at(runs.get(runs.size() - 1), hadoop);
    RunComparison comparison = RunComparison.of(before, after);
    Optional<Explanation> explanation = Explanation.of(before, after, comparison);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.print(Json.text(new Explained(comparison, explanation.orElse(null))));
    } else {
      out.print(new ComparisonTable(comparison).text());
      explanation.ifPresent(why -> out.print(new ExplanationTable(why).text()));
    }
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

  private record Explained(@JsonUnwrapped RunComparison comparison, Explanation explanation) {}

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
