package org.chameleon.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chameleon add}: further domains for a finished run. */
@Command(
    name = "add",
    description = "Add domains to a finished run: they alone are sampled and embedded.",
    footerHeading = "%nExample:%n",
    footer = "  chameleon add --run runs/a --config more.conf --max-change 0.05")
final class AddCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private ChangeOptions options;

  @Option(
      names = "--config",
      required = true,
      description = "configuration whose section corpus names the new domains alone")
  private String config;

  @Option(
      names = "--replace",
      description =
          "domains of corpus.domains that the run has get the paths given in place of theirs")
  private boolean replace;

  @Option(
      names = "--reuse",
      description =
          "the domains that the run has keep their proportions among each other: only the share of"
              + " the new ones is computed (mixture.reuse)")
  private boolean reuse;

  @Override
  public Integer call() {
    return options.change(spec, config, change -> change.add(replace, reuse));
  }
}
