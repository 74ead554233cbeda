package org.chameleon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.corpus.Corpus;
import org.chameleon.run.RunDirectory;
import org.chameleon.run.Stage;
import org.chameleon.storage.Existing;
import org.chameleon.storage.Verifier;

/**
 * A run over a small corpus, with the reference checkpoint as its proxy, in the session of the
 * tests. What a test needs otherwise it sets by key.
 */
public final class TinyRun {
  private final Path output;
  private final String scheme;
  private final Map<String, String> settings;

  private TinyRun(Path output, String scheme, Map<String, String> settings) {
    this.output = output;
    this.scheme = scheme;
    this.settings = settings;
  }

  /** Returns a run into a folder: 30 windows of 24 tokens of each domain. */
  public static TinyRun into(Path output) {
    return new TinyRun(output, "", new TreeMap<>())
        .with("sample.windows-per-domain", "30")
        .with("sample.window-tokens", "24")
        .with("proxy.checkpoint", Reference.path("gpt2").toString())
        .with("embedding.batch-tokens", "100")
        .with("plan.paths.megatron", "/data/{domain}")
        .with("plan.paths.huggingface", "/data/{domain}.parquet");
  }

  /**
   * Returns a run in a folder, over a corpus of 20 documents a domain that is written beside it.
   */
  public static TinyRun withCorpus(Path folder) {
    Path corpus = TinyCorpus.parquet(TinyCorpus.rows(20, 1), folder.resolve("corpus"), 1);
    return into(folder.resolve("run")).over(corpus);
  }

  /** Returns this run over the files of a folder. */
  public TinyRun over(Path corpus) {
    return with("corpus.path", corpus.toString());
  }

  /** Returns this run with a setting; one of a section takes the place of all in it. */
  public TinyRun with(String key, String value) {
    Map<String, String> more = new TreeMap<>(settings);
    more.keySet().removeIf(other -> other.startsWith(key + "."));
    more.put(key, value);
    return new TinyRun(output, scheme, more);
  }

  /** Returns this run with a proxy that it trains in a few steps. */
  public TinyRun training() {
    return with("proxy.checkpoint", "none")
        .with(
            "proxy.train", "{ vocabulary = 300, layers = 2, width = 32, heads = 2, context = 32 }")
        .with("training.steps", "30");
  }

  /** Returns this run into another folder. */
  public TinyRun to(Path other) {
    return new TinyRun(other, scheme, settings);
  }

  /** Returns this run, written through another file system. */
  TinyRun through(String otherScheme) {
    return new TinyRun(output, otherScheme, settings);
  }

  private String uri() {
    return scheme + output;
  }

  /** Returns the configuration, as from a file of these settings. */
  public RunConfig config() {
    Map<String, String> all = new TreeMap<>(settings);
    all.put("output", uri());
    try {
      Path file = Files.createTempFile("run", ".conf");
      Files.writeString(file, "chameleon {}");
      return RunConfig.load(file.toString(), all, new Configuration());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns its corpus. */
  public Corpus corpus() {
    return Corpus.open(TestSpark.session(), config().corpus());
  }

  /** Runs all stages into an output that must not exist. */
  public TinyRun run() {
    return run(Existing.REFUSE, Stage.REPORT);
  }

  /** Runs what no longer holds. */
  public TinyRun resume() {
    return run(Existing.RESUME, Stage.REPORT);
  }

  /** Runs stages. */
  public TinyRun run(Existing existing, Stage until) {
    run(config(), existing, until);
    return this;
  }

  /** Runs stages of any configuration. */
  public static void run(RunConfig config, Existing existing, Stage until) {
    try (RunDirectory run =
        RunDirectory.prepare(config.output(), existing, config.inputs(), new Configuration())) {
      new Chameleon(TestSpark.session(), config, run, "test").run(until);
    }
  }

  /** Runs all stages, beginning from another run. */
  public TinyRun runFrom(TinyRun base) {
    RunConfig config = config();
    try (RunDirectory run =
        RunDirectory.prepare(
            config.output(), Existing.RESUME, config.inputs(), new Configuration())) {
      run.beginFrom(base.directory());
      new Chameleon(TestSpark.session(), config, run, "test").run(Stage.REPORT);
    }
    return this;
  }

  /** Evaluates a run that has ended, with settings beside its own. */
  public TinyRun evaluate(Map<String, String> more) {
    Configuration hadoop = new Configuration();
    RunConfig config = Evaluation.configuration(directory(), null, more, hadoop);
    try (RunDirectory run =
        RunDirectory.prepare(config.output(), Existing.RESUME, config.inputs(), hadoop)) {
      new Evaluation(TestSpark.session(), config, run, "test").run();
    }
    return this;
  }

  /** A change of a run's domains. */
  @FunctionalInterface
  interface What {
    DomainChange.Made of(DomainChange change);
  }

  /**
   * Changes the domains of a run that has ended, and puts the change in place.
   *
   * @param file configuration file, or null
   * @param runId of the change; one that is there is not made again
   */
  TinyRun change(Path file, String runId, What what) {
    Configuration hadoop = new Configuration();
    RunConfig asked =
        DomainChange.configuration(
            directory(), file == null ? null : file.toString(), Map.of(), hadoop);
    try (RunDirectory run = RunDirectory.prepare(uri(), Existing.RESUME, asked.inputs(), hadoop)) {
      if (!run.record("change").isChangedBy(runId)) {
        DomainChange change = new DomainChange(TestSpark.session(), run, asked, runId);
        change.commit(what.of(change));
      }
    }
    return this;
  }

  /** Returns the directory. */
  public RunDirectory directory() {
    return RunDirectory.at(uri(), new Configuration());
  }

  /** Returns what is wrong with the files. */
  public List<String> problems() {
    return directory()
        .problems(Verifier.onExecutors(directory().folder(), TestSpark.session()), Stage.values());
  }

  /** Returns the path of a file. */
  public Path file(String name) {
    return output.resolve(name);
  }

  /** Returns a JSON file. */
  public JsonNode json(String name) {
    try {
      return new ObjectMapper().readTree(file(name).toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns what {@code run.json} says of a stage. */
  public JsonNode stage(String name) {
    return json("run.json").path("stages").path(name);
  }

  /** Returns the status of every recorded stage. */
  public Map<String, String> statuses() {
    Map<String, String> statuses = new TreeMap<>();
    json("run.json")
        .get("stages")
        .fields()
        .forEachRemaining(e -> statuses.put(e.getKey(), e.getValue().get("status").asText()));
    return statuses;
  }
}
