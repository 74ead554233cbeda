package org.chameleon.cli;

import java.util.concurrent.Callable;
import org.chameleon.DomainChange;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chameleon split}: a domain of a finished run in parts. */
@Command(
    name = "split",
    description = "Split a domain of a finished run: its parts alone are sampled and embedded.",
    footerHeading = "%nExample:%n",
    footer = "  chameleon split --run runs/a --config parts.conf")
final class SplitCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private ChangeOptions options;

  @Option(
      names = "--config",
      required = true,
      description =
          "configuration whose section corpus names the parts, each with paths of the domain's files, alone")
  private String config;

  @Override
  public Integer call() {
    return options.change(spec, config, DomainChange::split);
  }
}
