package org.chameleon.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.chameleon.materialize.MixedCorpusFolder;
import org.chameleon.run.RunDirectory;
import org.chameleon.run.Stage;
import org.chameleon.storage.Folder;
import org.chameleon.storage.HadoopSettings;
import org.chameleon.storage.Verifier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chameleon verify}: every file of a run or of a mixed corpus against what was recorded. */
@Command(
    name = "verify",
    description = "Check the files of a run, or of a mixed corpus.",
    footerHeading = "%nExamples:%n",
    footer = {"  chameleon verify --run runs/a", "  chameleon verify --corpus mixed/a"})
final class VerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = {"--run", "--corpus"},
      required = true,
      description = "run directory, or folder of a mixed corpus")
  private String name;

  @Override
  public Integer call() {
    Folder folder = Folder.at(name, HadoopSettings.ofSubmission());
    if (MixedCorpusFolder.isIn(folder)) {
      MixedCorpusFolder corpus = new MixedCorpusFolder(folder);
      int files = corpus.files().size();
      try (Session session = Session.start()) {
        return print(corpus.problems(Verifier.onExecutors(folder, session.spark())), files);
      }
    }
    RunDirectory run = RunDirectory.at(name, HadoopSettings.ofSubmission());
    int files = run.files().size();
    try (Session session = Session.start()) {
      Verifier verifier = Verifier.onExecutors(folder, session.spark());
      return print(run.problems(verifier, Stage.values()), files);
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
