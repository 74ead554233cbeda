package org.chameleon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigOriginFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.chameleon.config.ConfigReader;
import org.chameleon.config.ConfigurationException;
import org.chameleon.config.InvalidInputException;
import org.chameleon.config.SourceText;
import org.chameleon.corpus.CorpusConfig;
import org.chameleon.embedding.EmbeddingConfig;
import org.chameleon.evaluation.EvaluationConfig;
import org.chameleon.mixture.MixtureConfig;
import org.chameleon.plan.PlanConfig;
import org.chameleon.report.ReportConfig;
import org.chameleon.run.Stage;
import org.chameleon.sampling.SampleConfig;
import org.chameleon.storage.InputPaths;
import org.chameleon.storage.Json;
import org.chameleon.storage.Paths;
import org.chameleon.training.ProxyConfig;
import org.chameleon.training.TrainingConfig;

/**
 * The configuration of a run, one record per section; {@code reference.conf} documents every key.
 *
 * @param output run directory, any Hadoop URI
 * @param seed of every random choice
 */
public record RunConfig(
    String output,
    long seed,
    CorpusConfig corpus,
    SampleConfig sample,
    ProxyConfig proxy,
    TrainingConfig training,
    EmbeddingConfig embedding,
    MixtureConfig mixture,
    PlanConfig plan,
    EvaluationConfig evaluation,
    ReportConfig report) {

  private static final String ROOT = "chameleon";

  /** Refuses sections that do not fit together. */
  public RunConfig {
    if (output.equals("none")) {
      throw new IllegalArgumentException("output is not set; add it, or give --output.");
    }
    if (!corpus.given() && embedding.from().isEmpty()) {
      throw new IllegalArgumentException(
          "corpus has neither 'path' nor 'domains'; say where the documents are.");
    }
    requireCountable(corpus, embedding, plan);
    boolean trained = proxy.given().isEmpty() && embedding.from().isEmpty();
    if (trained && sample.windowTokens() > proxy.train().context()) {
      throw new IllegalArgumentException(
          "sample.window-tokens = %d is more than proxy.train.context = %d; lower it, or train on longer sequences."
              .formatted(sample.windowTokens(), proxy.train().context()));
    }
  }

  private static void requireCountable(
      CorpusConfig corpus, EmbeddingConfig embedding, PlanConfig plan) {
    if (plan.tokenizer().isPresent() && corpus.tokensColumn().isPresent()) {
      throw new IllegalArgumentException(
          "plan.tokenizer cannot be used with corpus.tokens-column: the documents are token ids already. Remove one of them, or give plan.domains.NAME.available-tokens.");
    }
    if (plan.countsTokens() && !corpus.given()) {
      throw new IllegalArgumentException(
          "plan.count and plan.tokenizer need documents to count; add corpus.path or corpus.domains, or set plan.count = given.");
    }
    boolean proxy = embedding.from().isEmpty() || corpus.tokensColumn().isPresent();
    if (plan.countsTokens() && plan.tokenizer().isEmpty() && !proxy) {
      throw new IllegalArgumentException(
          "plan.count = exact needs a tokenizer, and with embedding.from there is no proxy; set plan.tokenizer.");
    }
  }

  /**
   * Reads a configuration file over the defaults.
   *
   * @param file HOCON, local or any Hadoop URI
   * @param overrides values by key relative to {@code chameleon}, stronger than the file
   * @throws ConfigurationException with every problem, each with file and line
   */
  public static RunConfig load(String file, Map<String, String> overrides, Configuration hadoop) {
    return read(file, overrides, ConfigFactory.empty(), hadoop);
  }

  /**
   * Reads how a finished run is evaluated.
   *
   * @param recorded the configuration that the run recorded
   * @param file HOCON that is stronger, or null
   * @param overrides values by key relative to {@code chameleon}, stronger than both
   * @throws ConfigurationException with every problem
   */
  public static RunConfig evaluating(
      JsonNode recorded, String file, Map<String, String> overrides, Configuration hadoop) {
    return read(file, overrides, parsed(withoutUsual(recorded)), hadoop);
  }

  /**
   * Reads how a finished run is changed.
   *
   * @param recorded the configuration that the run recorded
   * @param file HOCON whose section corpus names domains alone in place of the run's, or null
   * @param overrides values by key relative to {@code chameleon}, stronger than both
   * @throws ConfigurationException with every problem
   */
  static RunConfig changing(
      JsonNode recorded, String file, Map<String, String> overrides, Configuration hadoop) {
    ObjectNode weaker = withoutUsual(recorded).deepCopy();
    if (file != null) {
      for (String key : List.of("path", "domains", "leave-out", "merge")) {
        ((ObjectNode) weaker.path("corpus")).remove(key);
      }
    }
    return read(file, overrides, parsed(weaker), hadoop);
  }

  /** Without what is as its preset has it, so that another preset is not overruled. */
  private static JsonNode withoutUsual(JsonNode recorded) {
    JsonNode said = recorded.path("evaluation");
    if (!said.isObject()) {
      return recorded;
    }
    Config preset =
        ConfigFactory.parseString(
            ROOT
                + " { output = any, corpus.path = any, evaluation.preset = %s }"
                    .formatted(said.path("preset").asText("cpu")));
    RunConfig usual = ConfigReader.read(withDefaults(preset), ROOT, RunConfig.class);
    ObjectNode rest = said.deepCopy();
    Json.configuration(usual.evaluation)
        .fields()
        .forEachRemaining(
            key -> {
              if (key.getValue().toString().equals(String.valueOf(rest.get(key.getKey())))) {
                rest.remove(key.getKey());
              }
            });
    ObjectNode result = recorded.deepCopy();
    result.set("evaluation", rest);
    return result;
  }

  private static RunConfig read(
      String file, Map<String, String> overrides, Config weaker, Configuration hadoop) {
    try {
      Config config = file == null ? ConfigFactory.empty() : parse(file, hadoop);
      for (Map.Entry<String, String> override : overrides.entrySet()) {
        config =
            config.withValue(
                ROOT + "." + override.getKey(), value(override.getKey(), override.getValue()));
      }
      return ConfigReader.read(
          withDefaults(config.withFallback(weaker)).resolve(), ROOT, RunConfig.class);
    } catch (ConfigException e) {
      throw new ConfigurationException(List.of(String.valueOf(e.getMessage())));
    }
  }

  /** The defaults of the evaluation are those of its preset. */
  private static Config withDefaults(Config config) {
    String preset = ROOT + ".evaluation.preset";
    boolean gpu = config.hasPath(preset) && config.getString(preset).equals("gpu");
    Config all = gpu ? ConfigFactory.parseResources("evaluation-gpu.conf") : ConfigFactory.empty();
    return config.withFallback(all).withFallback(defaults());
  }

  /** Returns the configuration that a run recorded. */
  static RunConfig of(JsonNode recorded) {
    return ConfigReader.read(withDefaults(parsed(recorded)), ROOT, RunConfig.class);
  }

  private static Config parsed(JsonNode recorded) {
    return ConfigFactory.parseString("{\"" + ROOT + "\": " + recorded + "}");
  }

  /** Returns this configuration, of another corpus. */
  RunConfig withCorpus(CorpusConfig other) {
    return new RunConfig(
        output, seed, other, sample, proxy, training, embedding, mixture, plan, evaluation, report);
  }

  /** Returns this configuration, with another way to mix. */
  RunConfig withMixture(MixtureConfig other) {
    return new RunConfig(
        output, seed, corpus, sample, proxy, training, embedding, other, plan, evaluation, report);
  }

  /** Returns the stages that a run of this configuration goes through, in order. */
  public List<Stage> stages() {
    boolean external = embedding.from().isPresent();
    return Arrays.stream(Stage.values())
        .filter(stage -> !external || !Stage.EMBED.isAfter(stage))
        .filter(stage -> stage != Stage.COUNT || plan.countsTokens())
        .filter(stage -> stage != Stage.EVALUATE)
        .toList();
  }

  /** Returns the paths and patterns that a run reads, by their keys. */
  public InputPaths inputs() {
    Map<String, List<String>> inputs = new TreeMap<>();
    inputs.put("corpus.path", corpus.path());
    corpus.domains().forEach((name, paths) -> inputs.put("corpus.domains." + name, paths));
    proxy.checkpoint().ifPresent(path -> inputs.put("proxy.checkpoint", List.of(path)));
    proxy.torchscript().ifPresent(path -> inputs.put("proxy.torchscript", List.of(path)));
    embedding.from().ifPresent(path -> inputs.put("embedding.from", List.of(path)));
    inputs.put("mixture.other-proxies", mixture.otherProxies());
    plan.tokenizer().ifPresent(path -> inputs.put("plan.tokenizer", List.of(path)));
    return new InputPaths(inputs);
  }

  /** Returns how windows are embedded where no run says otherwise. */
  public static EmbeddingConfig defaultEmbedding() {
    Config section = defaults().getConfig(ROOT).withOnlyPath("embedding");
    return ConfigReader.read(section, "embedding", EmbeddingConfig.class);
  }

  private static Config defaults() {
    return ConfigFactory.parseResources("reference.conf").withOnlyPath(ROOT);
  }

  private static Config parse(String file, Configuration hadoop) {
    File local = new File(file);
    String text = SourceText.of(bytes(local, file, hadoop), file);
    return local.isFile()
        ? ConfigFactory.parseFile(local)
        : ConfigFactory.parseString(text, ConfigParseOptions.defaults().setOriginDescription(file));
  }

  private static byte[] bytes(File local, String file, Configuration hadoop) {
    try {
      if (local.isDirectory()) {
        throw new FileNotFoundException(file + " is a folder");
      }
      if (local.isFile()) {
        return Files.readAllBytes(local.toPath());
      }
      Path path = Paths.of(file);
      try (InputStream in = path.getFileSystem(hadoop).open(path)) {
        return in.readAllBytes();
      }
    } catch (FileNotFoundException | IllegalArgumentException e) {
      throw new ConfigurationException(
          List.of("no configuration file at " + file + ". Correct --config."));
    } catch (IOException e) {
      throw new InvalidInputException(
          "Cannot read the configuration %s: %s. See that it can be reached, or correct --config."
              .formatted(file, e.getMessage()),
          e);
    }
  }

  /** Numbers, booleans, lists and sections are read as HOCON; anything else is a plain string. */
  private static ConfigValue value(String key, String text) {
    boolean structured = text.matches("(?s)\\s*[\\[{\"].*|-?[0-9][0-9.eE+-]*|true|false");
    String origin = "--set " + key;
    if (!structured) {
      return ConfigValueFactory.fromAnyRef(text, origin);
    }
    return ConfigFactory.parseString(
            "value = " + text, ConfigParseOptions.defaults().setOriginDescription(origin))
        .getValue("value")
        .withOrigin(ConfigOriginFactory.newSimple(origin));
  }
}
