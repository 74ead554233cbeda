package org.chameleon.stages;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.RunConfig;
import org.chameleon.cluster.TaskMetrics;
import org.chameleon.config.InvalidInputException;
import org.chameleon.config.Secrets;
import org.chameleon.config.SourceText;
import org.chameleon.corpus.Corpus;
import org.chameleon.evaluation.Candidate;
import org.chameleon.evaluation.EvaluationConfig;
import org.chameleon.evaluation.EvaluationSetup;
import org.chameleon.evaluation.Recommendation;
import org.chameleon.evaluation.WeightsFile;
import org.chameleon.mixture.Mixture;
import org.chameleon.model.Checkpoint;
import org.chameleon.model.Tokenizer;
import org.chameleon.model.family.Gpt2Family;
import org.chameleon.model.family.ModelShape;
import org.chameleon.run.Artifact;
import org.chameleon.run.RunDirectory;
import org.chameleon.storage.Folder;
import org.chameleon.storage.Json;
import org.chameleon.storage.UnreadableJsonException;
import org.chameleon.training.ProxyConfig;
import org.chameleon.training.ProxyTrainer;
import org.chameleon.training.TrainingConfig;

/** What an evaluation is made of: the run's mixture and sizes, a model to train, given weights. */
public final class EvaluationInputs {
  private final RunConfig config;
  private final EvaluationConfig evaluation;
  private final RunDirectory run;
  private final Configuration hadoop;

  /** Creates the inputs of an evaluation. */
  public EvaluationInputs(RunConfig config, RunDirectory run, Configuration hadoop) {
    this.config = config;
    this.evaluation = config.evaluation();
    this.run = run;
    this.hadoop = hadoop;
  }

  /** Returns all that the results depend on, besides the stages before. */
  public List<Object> all(Corpus corpus, Optional<Corpus> target) {
    List<Object> all = new ArrayList<>();
    all.add(hashes());
    all.add(config.training());
    all.add(config.proxy().train());
    all.add(evaluation);
    all.add(corpus.files());
    all.add(config.seed());
    all.add(config.embedding().device());
    all.add(config.embedding().gpusPerTask());
    all.add(given());
    target.ifPresent(documents -> all.add(documents.files()));
    evaluation.from().ifPresent(uri -> all.add(checkpoint().identity(hadoop)));
    return all;
  }

  /**
   * Returns what an evaluation is of, by name: while these are the same, it speaks of the run's
   * mixture.
   */
  public SortedMap<String, String> hashes() {
    SortedMap<String, String> hashes = new TreeMap<>();
    for (Artifact artifact : List.of(Artifact.MIXTURE, Artifact.STATISTICS, Artifact.TOKENS)) {
      if (run.has(artifact)) {
        hashes.put(artifact.path(), DigestUtils.sha256Hex(run.bytes(artifact)));
      }
    }
    hashes.put("plan", DigestUtils.sha256Hex(Json.text(config.plan().limits())));
    return hashes;
  }

  /** Returns whether an evaluation that was made before is of the run as it is. */
  public boolean hold() {
    return run.has(Artifact.MIXTURE)
        && run.json(Artifact.RECOMMENDATION, Recommendation.class).inputs().equals(hashes());
  }

  /** Returns what trials are made with. */
  public EvaluationSetup setup(TaskMetrics metrics) {
    ProxyTrainer.Compute compute =
        new ProxyTrainer.Compute(config.embedding().device(), config.seed(), metrics);
    return evaluation.from().isPresent() ? continued(compute) : anew(compute);
  }

  private EvaluationSetup continued(ProxyTrainer.Compute compute) {
    Checkpoint from = checkpoint();
    EvaluationConfig.Model model = evaluation.model();
    if (from.isModule() || !(from.shape().family() instanceof Gpt2Family)) {
      throw new InvalidInputException(
          "Cannot continue from %s: it is %s, and gpt2 alone is trained here. Give another evaluation.from."
              .formatted(
                  from.uri(), from.isModule() ? "a module" : from.shape().family().modelType()));
    }
    if (model.layers().isPresent() || model.width().isPresent() || model.heads().isPresent()) {
      throw new InvalidInputException(
          "Cannot continue from %s with other sizes: remove layers, width and heads of evaluation.model."
              .formatted(from.uri()));
    }
    int context =
        model.context().orElse(Math.min(config.proxy().train().context(), from.context()));
    from.requireUsable(requireContext(context, from.context()), 0, hadoop);
    return new EvaluationSetup(
        from.shape(),
        evaluation,
        training(),
        compute,
        config.embedding().gpusPerTask(),
        new String(Folder.at(from.uri(), hadoop).bytes("config.json"), StandardCharsets.UTF_8),
        from.tokenizer(),
        context,
        from.uri());
  }

  private static int requireContext(int context, int most) {
    if (context > most) {
      throw new InvalidInputException(
          "Cannot train on sequences of %d tokens: the model of evaluation.from takes %d. Lower evaluation.model.context."
              .formatted(context, most));
    }
    return context;
  }

  private EvaluationSetup anew(ProxyTrainer.Compute compute) {
    if (!run.has(Artifact.PROXY)) {
      throw new InvalidInputException(
          "Cannot evaluate %s: it has no proxy, so no tokenizer is known. Set evaluation.from to a checkpoint to continue from."
              .formatted(run));
    }
    Checkpoint proxy = checkpoint();
    ProxyConfig.Train train = config.proxy().train();
    EvaluationConfig.Model model = evaluation.model();
    int context = model.context().orElse(train.context());
    int width = model.width().orElse(train.width());
    int heads = model.heads().orElse(train.heads());
    if (width % heads != 0) {
      throw new InvalidInputException(
          "Cannot train a model of width %d with %d heads: they do not divide it. Correct evaluation.model."
              .formatted(width, heads));
    }
    int vocabulary =
        proxy.isModule() ? Tokenizer.vocabularySize(proxy.tokenizer()) : proxy.shape().vocabulary();
    Gpt2Family.Sizes sizes =
        Gpt2Family.Sizes.usual(
            model.layers().orElse(train.layers()), width, heads, context, vocabulary);
    Gpt2Family family = new Gpt2Family();
    ModelShape shape = family.shape(sizes);
    return new EvaluationSetup(
        shape,
        evaluation,
        training(),
        compute,
        config.embedding().gpusPerTask(),
        family.config(sizes),
        proxy.tokenizer(),
        context,
        null);
  }

  private TrainingConfig training() {
    TrainingConfig usual = config.training();
    return usual.with(
        evaluation.batch().orElse(usual.batch()),
        evaluation.learningRate().orElse(usual.learningRate()));
  }

  /** The model that trials continue from, or the run's proxy, whose tokenizer they have. */
  private Checkpoint checkpoint() {
    StageInputs inputs = new StageInputs(config);
    return evaluation.from().isPresent()
        ? Checkpoint.open(evaluation.from().get(), inputs.tokenizerNeed(), hadoop)
        : inputs.checkpoint(run.uri(Artifact.PROXY), hadoop);
  }

  /** Returns the weights that files give, by the name of their mixture. */
  public SortedMap<String, SortedMap<String, Double>> given() {
    Mixture mixture = run.mixture();
    List<String> domains = mixture.domains().stream().map(Mixture.Domain::name).toList();
    SortedMap<String, SortedMap<String, Double>> given = new TreeMap<>();
    for (String candidate : evaluation.candidates()) {
      if (candidate.startsWith(Candidate.FILE)) {
        String name = name(candidate);
        SortedMap<String, Double> weights = weights(candidate, domains);
        if (given.put(name, weights) != null) {
          throw new InvalidInputException(
              "Cannot try %s: another file is called '%s' too. Rename one."
                  .formatted(Secrets.hidden(candidate), name));
        }
      }
    }
    return given;
  }

  private SortedMap<String, Double> weights(String candidate, List<String> domains) {
    String uri = uri(candidate);
    int slash = uri.lastIndexOf('/');
    Folder folder = Folder.at(slash < 0 ? "." : uri.substring(0, slash + 1), hadoop);
    String file = uri.substring(slash + 1);
    String text = SourceText.of(folder.bytes(file), uri);
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return WeightsFile.read(Json.read(bytes, JsonNode.class, uri), uri, domains);
    } catch (UnreadableJsonException e) {
      throw new InvalidInputException(
          "Cannot read the weights %s: not JSON (%s). Correct the file, or remove it from evaluation.candidates."
              .formatted(Secrets.hidden(uri), e.reason()),
          e);
    }
  }

  /** A URI of the local file system is written file:///…, a plain path file:weights.json. */
  private static String uri(String candidate) {
    return candidate.startsWith("file:/")
        ? candidate
        : candidate.substring(Candidate.FILE.length());
  }

  /** Returns the files among the candidates. */
  public static List<String> weightFiles(EvaluationConfig evaluation) {
    return evaluation.candidates().stream()
        .filter(candidate -> candidate.startsWith(Candidate.FILE))
        .map(EvaluationInputs::uri)
        .toList();
  }

  /** The name of a file's mixture: that of the file, without what names of files cannot have. */
  private static String name(String candidate) {
    String file = candidate.substring(candidate.lastIndexOf('/') + 1).replaceFirst("^file:", "");
    return file.replaceFirst("\\.[A-Za-z]+$", "").replaceAll("[^A-Za-z0-9._-]", "_");
  }
}
