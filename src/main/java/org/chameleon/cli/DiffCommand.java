package org.chameleon.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.plan.Evidence;
import org.chameleon.run.ProxyIdentity;
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
    if (maxChange != null && !(maxChange >= 0 && maxChange <= 1)) {
      throw new ParameterException(
          spec.commandLine(), "--max-change must be from 0 to 1, is " + maxChange + ".");
    }
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
    out.print(json ? Json.text(comparison) : text(comparison));
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
            points(comparison.furthest().change()),
            points(maxChange));
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

  private static String text(RunComparison comparison) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            "%-24s %15s %15s %7s %15s%n", "shares in %", "planned", "computed", "", "data"));
    text.append(row("domain", "before", "after", "before", "after", "change", "before", "after"));
    for (RunComparison.Change change : comparison.domains()) {
      text.append(
          row(
              MixtureTable.shortened(change.name()),
              percent(change.planned().before()),
              percent(change.planned().after()),
              percent(change.computed().before()),
              percent(change.computed().after()),
              points(change.change()),
              percent(change.dataBefore()),
              percent(change.dataAfter())));
    }
    text.append(
        String.format(
            Locale.ROOT,
            "%ncompared are the %s weights%s%n",
            comparison.compared(),
            comparison.compared() == RunComparison.Compared.PLANNED
                ? ""
                : ": a run has no plan of its configuration"));
    text.append(
        String.format(
            Locale.ROOT,
            "largest change %s points ('%s')%n%s of the mixture moved%n",
            points(comparison.furthest().change()),
            MixtureTable.shortened(comparison.furthest().name()),
            MixtureTable.percent(comparison.totalVariation())));
    text.append(agreement(comparison));
    if (comparison.proxies().differ()) {
      text.append(
          String.format(
              "other proxy: %s -> %s%n",
              proxy(comparison.proxies().before()), proxy(comparison.proxies().after())));
    }
    if (comparison.evidence().differ()) {
      text.append(
          WrappedText.of(
              "evidence:",
              evidence(comparison.evidence().before())
                  + " -> "
                  + evidence(comparison.evidence().after())));
    }
    list(text, "come: ", comparison.come());
    list(text, "gone: ", comparison.gone());
    for (RunComparison.Difference setting : comparison.settings()) {
      text.append("differs: ").append(setting.key()).append(": ");
      text.append(setting.before() == null ? "not set" : setting.before());
      text.append(" -> ").append(setting.after() == null ? "not set" : setting.after());
      text.append(System.lineSeparator());
    }
    return text.toString();
  }

  private static String agreement(RunComparison comparison) {
    Double correlation = comparison.rankCorrelation();
    return String.format(
        Locale.ROOT,
        "rank correlation %s over %d common domains%n",
        correlation == null ? "-" : String.format(Locale.ROOT, "%.3f", correlation),
        comparison.common());
  }

  private static String evidence(Evidence evidence) {
    return evidence == null ? "none" : evidence.mixture() + " " + evidence.inWords();
  }

  /** At most 31 columns up to 99 GB, so that two of them fit on a line. */
  private static String proxy(ProxyIdentity proxy) {
    if (proxy == null) {
      return "none (embedding.from)";
    }
    String type = proxy.type() == null ? "unknown" : proxy.type();
    return String.format(
        Locale.ROOT,
        "%s %.1f MB %s",
        type.length() <= 11 ? type : type.substring(0, 10) + "…",
        proxy.bytes() / 1e6,
        proxy.sha256().substring(0, 8));
  }

  private static String row(Object... cells) {
    return String.format(Locale.ROOT, "%-24s %7s %7s %7s %7s %7s %7s %7s%n", cells);
  }

  private static String percent(Double share) {
    return share == null ? "-" : String.format(Locale.ROOT, "%.2f", 100 * share);
  }

  private static void list(StringBuilder text, String what, List<String> names) {
    if (!names.isEmpty()) {
      text.append(what).append(String.join(", ", names)).append(System.lineSeparator());
    }
  }

  private static String points(double change) {
    return String.format(Locale.ROOT, "%+.2f", 100 * change);
  }
}
