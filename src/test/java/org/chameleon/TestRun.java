package org.chameleon;

import org.apache.hadoop.conf.Configuration;
import org.chameleon.RunDirectory.Existing;

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
}
