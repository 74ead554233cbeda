package org.chameleon.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chameleon merge}: several domains of a finished run as one. */
@Command(
    name = "merge",
    description = "Make one domain of several of a finished run: it alone is sampled and embedded.",
    footerHeading = "%nExample:%n",
    footer = "  chameleon merge --run runs/a --into code java python")
final class MergeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private ChangeOptions options;

  @Option(
      names = "--into",
      required = true,
      paramLabel = "NAME",
      description = "name of the domain that they become")
  private String into;

  @Parameters(arity = "2..*", paramLabel = "DOMAIN", description = "domains to merge")
  private List<String> domains;

  @Override
  public Integer call() {
    return options.change(spec, null, change -> change.merge(into, domains));
  }
}
