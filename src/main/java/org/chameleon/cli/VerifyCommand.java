package org.chameleon.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.chameleon.MixedCorpusVerifier;
import org.chameleon.RunDirectory;
import org.chameleon.RunVerifier;
import org.chameleon.storage.HadoopSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chameleon verify}: every file of a run or of a mixed corpus against what was recorded. */
@Command(name = "verify", description = "Check the files of a run, or of a mixed corpus.")
final class VerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = {"--run", "--corpus"},
      required = true,
      description = "run directory, or folder of a mixed corpus")
  private String folder;

  @Override
  public Integer call() {
    RunDirectory directory = RunDirectory.at(folder, HadoopSettings.ofSubmission());
    if (!MixedCorpusVerifier.isMixedCorpus(directory)) {
      RunVerifier verifier = new RunVerifier(directory);
      return print(verifier.problems(), verifier.files());
    }
    try (Session session = Session.start()) {
      MixedCorpusVerifier verifier = new MixedCorpusVerifier(session.spark(), directory);
      List<String> problems = verifier.problems();
      return print(problems, verifier.files());
    }
  }

  private int print(List<String> problems, int files) {
    problems.forEach(problem -> spec.commandLine().getErr().println(problem));
    if (problems.isEmpty()) {
      spec.commandLine().getOut().println(files + " files as recorded.");
    }
    return problems.isEmpty() ? 0 : 1;
  }
}
