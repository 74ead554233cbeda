package org.chameleon.stages;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.RunConfig;
import org.chameleon.corpus.Corpus;
import org.chameleon.embedding.ExternalSamples;
import org.chameleon.evaluation.Findings;
import org.chameleon.model.Checkpoint;
import org.chameleon.model.Checkpoint.TokenizerNeed;
import org.chameleon.plan.TokenOrigin;

/**
 * What each stage's output depends on besides the stages before it: if any of it changes, the stage
 * runs again, and those behind it. Sections of the configuration stand here whole, unless some of
 * their keys change no result.
 */
public final class StageInputs {
  private final RunConfig config;

  /** Creates the inputs of a run's stages. */
  public StageInputs(RunConfig config) {
    this.config = config;
  }

  /** The checkpoint's files, or all that a proxy is trained from and on. */
  public List<Object> proxy(Corpus corpus, Configuration hadoop) {
    if (config.proxy().given().isPresent()) {
      Checkpoint given = checkpoint(config.proxy().given().get(), hadoop);
      return List.of(given.uri(), given.identity(hadoop));
    }
    return List.of(
        corpus.files(),
        config.corpus().inputs(),
        config.corpus().heldOut(),
        config.proxy().train(),
        config.training(),
        config.embedding().device(),
        config.seed());
  }

  /** Opens a proxy of the kind that this run has. */
  public Checkpoint checkpoint(String uri, Configuration hadoop) {
    return config.proxy().torchscript().isPresent()
        ? Checkpoint.openModule(uri, tokenizerNeed(), hadoop)
        : Checkpoint.open(uri, tokenizerNeed(), hadoop);
  }

  /** Whether a checkpoint must bring a tokenizer for this corpus. */
  public TokenizerNeed tokenizerNeed() {
    return config.corpus().tokensColumn().isEmpty()
        ? TokenizerNeed.REQUIRED
        : TokenizerNeed.OPTIONAL;
  }

  /** All that the windows depend on. */
  public List<Object> windows(Corpus corpus) {
    return List.of(
        corpus.files(),
        corpus.tables(),
        config.corpus().inputs(),
        config.corpus().heldOut(),
        config.sample(),
        config.seed());
  }

  /** All that the windows of a domain depend on, besides its documents. */
  public List<Object> windowsOfDomain(String proxy) {
    return List.of(
        proxy,
        config.corpus().reading(),
        config.corpus().heldOut(),
        config.sample(),
        config.seed());
  }

  /** All that the embeddings of a domain depend on, besides its windows. */
  public List<Object> embeddingsOfDomain(String proxy) {
    List<Object> inputs = embeddings();
    inputs.add(proxy);
    return inputs;
  }

  /** All that the embeddings depend on, besides the windows and the proxy. */
  public List<Object> embeddings() {
    List<Object> inputs = new ArrayList<>(config.embedding().inputs());
    inputs.add(config.seed());
    return inputs;
  }

  /** Embeddings from outside; the groups that they are in depend on the seed. */
  public List<Object> samples(ExternalSamples samples) {
    List<Object> inputs = new ArrayList<>(samples.identity());
    inputs.add(config.seed());
    return inputs;
  }

  /** All that the mixture depends on, besides the embeddings. */
  public List<Object> mixture() {
    return List.of(config.mixture());
  }

  /** The documents and the tokenizer; which documents, where not all are counted. */
  public List<Object> tokens(Corpus corpus, String tokenizer) {
    List<Object> inputs = new ArrayList<>();
    inputs.add(corpus.files());
    inputs.add(corpus.tables());
    inputs.add(config.corpus().inputs());
    inputs.addAll(counting(tokenizer));
    return inputs;
  }

  /** All that the tokens of a domain depend on, besides its documents. */
  public List<Object> tokensOfDomain(String tokenizer) {
    List<Object> inputs = counting(tokenizer);
    inputs.add(config.corpus().reading());
    return inputs;
  }

  private List<Object> counting(String tokenizer) {
    List<Object> inputs = new ArrayList<>();
    inputs.add(config.plan().count());
    inputs.add(DigestUtils.sha256Hex(tokenizer));
    if (config.plan().count() != TokenOrigin.EXACT) {
      inputs.add(config.sample().documents());
      inputs.add(config.seed());
    }
    return inputs;
  }

  /**
   * All that the manifest and the trainers' files print: columns of the corpus, the tokenizer,
   * where the files lie, and what is known of the mixture.
   */
  public List<Object> plan(String exports, String tokenizer, Optional<Findings> found) {
    return List.of(
        config.plan(),
        config.corpus().inputs(),
        exports,
        DigestUtils.sha256Hex(tokenizer),
        config.seed(),
        found);
  }

  /** All that the page depends on, besides the plan. */
  public List<Object> report(Optional<Findings> found) {
    return List.of(config.report(), found);
  }
}
