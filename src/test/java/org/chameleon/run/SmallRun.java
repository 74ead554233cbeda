package org.chameleon.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.chameleon.TestSpark;
import org.chameleon.run.StageRunner.Work;
import org.chameleon.storage.Existing;
import org.chameleon.storage.InputPaths;
import org.chameleon.storage.Json;
import org.chameleon.storage.Verifier;

/**
 * A run of three stages that need no corpus: windows are sampled, a mixture made, a page written.
 */
final class SmallRun {
  private static final List<Stage> STAGES = List.of(Stage.SAMPLE, Stage.MIX, Stage.REPORT);

  private final Path output;
  private final String scheme;
  private final Map<Stage, Object> inputs = new EnumMap<>(Stage.class);
  private final Map<Stage, Work> works = new EnumMap<>(Stage.class);
  private final List<Stage> worked = new ArrayList<>();

  SmallRun(Path output) {
    this(output, "");
  }

  /** Creates a run whose directory is written through another file system. */
  SmallRun(Path output, String scheme) {
    this.output = output;
    this.scheme = scheme;
    inputs.put(Stage.SAMPLE, 17);
    inputs.put(Stage.MIX, 0.29);
    inputs.put(Stage.REPORT, "title");
    works.put(Stage.SAMPLE, SmallRun::sample);
    works.put(Stage.MIX, out -> text(out, Artifact.MIXTURE, inputs.get(Stage.MIX)));
    works.put(Stage.REPORT, out -> text(out, Artifact.REPORT, inputs.get(Stage.REPORT)));
  }

  /** Changes what a stage's output depends on. */
  SmallRun with(Stage stage, Object input) {
    inputs.put(stage, input);
    return this;
  }

  /** Changes what a stage does. */
  SmallRun doing(Stage stage, Work work) {
    works.put(stage, work);
    return this;
  }

  /** Runs all stages; returns those that did their work. */
  List<Stage> resume() {
    return resume(Stage.REPORT);
  }

  /** Runs stages; returns those that did their work. */
  List<Stage> resume(Stage until) {
    worked.clear();
    String uri = scheme + output;
    try (RunDirectory run =
        RunDirectory.prepare(uri, Existing.RESUME, InputPaths.NONE, new Configuration())) {
      StageRunner runner = new StageRunner(run, spark(), until, start("small"));
      for (Stage stage : STAGES) {
        runner.run(stage, List.of(inputs.get(stage)), out -> work(stage, out));
      }
    }
    return List.copyOf(worked);
  }

  private Counts work(Stage stage, StageOutput out) {
    worked.add(stage);
    return works.get(stage).into(out);
  }

  /** Returns the record of a run of these stages that has not done anything. */
  static RunRecord start(String runId) {
    return Provenance.of(Json.configuration(Map.of()), runId, "3", STAGES);
  }

  private static Counts sample(StageOutput out) {
    SparkSession session = TestSpark.session();
    out.table(Artifact.WINDOWS, session.range(20).toDF("window"), 20, "window");
    out.json(Artifact.STATISTICS, DomainSizes.UNKNOWN);
    return Counts.NONE.with(Counts.WINDOWS, 20L);
  }

  private static Counts text(StageOutput out, Artifact artifact, Object content) {
    out.text(artifact, "made of " + content);
    return Counts.NONE;
  }

  static SparkContext spark() {
    return TestSpark.session().sparkContext();
  }

  RunDirectory directory() {
    return RunDirectory.at(scheme + output, new Configuration());
  }

  Path file(String name) {
    return output.resolve(name);
  }

  StageRecord record(Stage stage) {
    return directory().record().stage(stage);
  }

  /** Returns the status of every recorded stage. */
  Map<String, String> statuses() {
    Map<String, String> statuses = new TreeMap<>();
    directory().record().stages().forEach((name, s) -> statuses.put(name, s.status().toString()));
    return statuses;
  }

  /** Returns what is wrong with the files. */
  List<String> problems() {
    return directory().problems(Verifier.here(directory().folder()), Stage.values());
  }
}
