package org.chameleon.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chameleon remove}: a finished run without some of its domains. */
@Command(
    name = "remove",
    description = "Remove domains from a finished run: nothing is sampled or embedded.",
    footerHeading = "%nExample:%n",
    footer = "  chameleon remove --run runs/a --domain wiki")
final class RemoveCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private ChangeOptions options;

  @Option(
      names = "--domain",
      required = true,
      paramLabel = "NAME",
      description = "domain to remove; repeatable")
  private List<String> domains;

  @Override
  public Integer call() {
    return options.change(spec, null, change -> change.remove(domains));
  }
}
