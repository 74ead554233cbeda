package org.chameleon.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.chameleon.RunDirectory;
import org.chameleon.RunVerifier;
import org.chameleon.cluster.HadoopSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chameleon verify}: every file of a run against its recorded count and hash. */
@Command(name = "verify", description = "Check the files of a run.")
final class VerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--run", required = true, description = "run directory")
  private String run;

  @Override
  public Integer call() {
    RunVerifier verifier = new RunVerifier(RunDirectory.at(run, HadoopSettings.ofSubmission()));
    List<String> problems = verifier.problems();
    problems.forEach(problem -> spec.commandLine().getErr().println(problem));
    if (problems.isEmpty()) {
      spec.commandLine().getOut().println(verifier.files() + " files as recorded.");
    }
    return problems.isEmpty() ? 0 : 1;
  }
}
