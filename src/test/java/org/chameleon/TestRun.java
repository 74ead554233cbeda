package org.chameleon;

import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.run.RunDirectory;
import org.chameleon.run.Stage;
import org.chameleon.storage.Existing;
import org.chameleon.storage.Verifier;

/** Runs a configuration in the session of the tests. */
public final class TestRun {
  private TestRun() {}

  /** Runs all stages into an output that must not exist. */
  public static void run(RunConfig run, Stage until) {
    run(run, Existing.REFUSE, until);
  }

  /** Runs stages into an output. */
  public static void run(RunConfig run, Existing existing, Stage until) {
    try (RunDirectory directory =
        RunDirectory.prepare(run.output(), existing, new Configuration())) {
      new Chameleon(TestSpark.session(), run, directory, "test").run(until);
    }
  }

  /** Returns what is wrong with the files of a run. */
  public static List<String> problems(String run) {
    RunDirectory directory = RunDirectory.at(run, new Configuration());
    return directory.problems(
        Verifier.onExecutors(directory.folder(), TestSpark.session()), Stage.values());
  }
}
