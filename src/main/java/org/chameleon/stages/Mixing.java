package org.chameleon.stages;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.chameleon.RunConfig;
import org.chameleon.config.InvalidInputException;
import org.chameleon.config.Secrets;
import org.chameleon.embedding.DomainEmbeddings;
import org.chameleon.embedding.DomainStates;
import org.chameleon.embedding.SparkParts;
import org.chameleon.mixture.Alternative;
import org.chameleon.mixture.Mixture;
import org.chameleon.mixture.ProxyShape;
import org.chameleon.run.Artifact;
import org.chameleon.run.Counts;
import org.chameleon.run.DomainSizes;
import org.chameleon.run.RunDirectory;
import org.chameleon.run.Stage;
import org.chameleon.run.StageOutput;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stage of the main path that turns embeddings into weights. */
public final class Mixing {
  private static final Logger LOG = LoggerFactory.getLogger(Mixing.class);

  private final SparkSession spark;
  private final RunConfig config;
  private final RunDirectory run;
  private final Map<String, RunDirectory> others = new TreeMap<>();

  /** Creates the stage of a run. */
  public Mixing(SparkSession spark, RunConfig config, RunDirectory run) {
    this.spark = spark;
    this.config = config;
    this.run = run;
  }

  /**
   * Opens, before any work is spent, the runs that the weights are compared with.
   *
   * @throws InvalidInputException if one of them is none, or has not embedded
   */
  public void openOthers() {
    for (String uri : config.mixture().otherProxies()) {
      RunDirectory other = RunDirectory.at(uri, spark.sparkContext().hadoopConfiguration());
      other.requireCurrent("compare with", Stage.EMBED);
      others.put(Secrets.hidden(uri), other);
    }
  }

  /** Returns all that the mixture depends on, besides the embeddings. */
  public List<Object> inputs() {
    List<Object> inputs = new ArrayList<>(new StageInputs(config).mixture());
    others.values().forEach(other -> inputs.add(other.files(Stage.EMBED)));
    return inputs;
  }

  /**
   * Computes the mixture.
   *
   * @param proxy shape of the model that the embeddings are of, if it is known
   * @param sizes of the domains; nothing where not known
   */
  public Counts mix(Optional<ProxyShape> proxy, DomainSizes sizes, StageOutput output) {
    Map<String, Long> tokens = new TreeMap<>();
    sizes.domains().forEach(domain -> tokens.put(domain.name(), domain.tokens()));
    Mixture mixture = mixture(run.states(spark), tokens).withScaleWarnings(proxy, config.mixture());
    boolean drawn = config.embedding().from().isEmpty();
    int asked = config.sample().windowsPerDomain();
    output.json(Artifact.MIXTURE, drawn ? mixture.withSampleWarnings(asked) : mixture);
    return Counts.NONE.with(Counts.DOMAINS, (long) mixture.domains().size());
  }

  private Mixture mixture(Dataset<Row> states, Map<String, Long> tokens) {
    long domains = DomainStates.domains(states);
    if (!Mixture.areMany(domains)) {
      DomainEmbeddings embeddings = DomainEmbeddings.of(states);
      List<Alternative> alternatives = alternatives(states, embeddings.names());
      return Mixture.of(embeddings, tokens, config.mixture(), alternatives);
    }
    if (!others.isEmpty() || !config.embedding().layers().isEmpty()) {
      LOG.warn("mix: {} domains are not compared with other proxies and hidden states", domains);
    }
    try (SparkParts parts = SparkParts.of(states, domains)) {
      return Mixture.ofMany(parts, tokens, config.mixture());
    }
  }

  /** Returns what else the domains were embedded by. */
  private List<Alternative> alternatives(Dataset<Row> states, List<String> names) {
    List<Alternative> all = new ArrayList<>();
    if (!config.embedding().layers().isEmpty()) {
      DomainEmbeddings.ofOthers(states)
          .forEach((layer, means) -> all.add(Alternative.ofLayer(layer, means)));
    }
    others.forEach((uri, other) -> all.add(Alternative.ofProxy(uri, means(uri, other, names))));
    return all;
  }

  private DomainEmbeddings means(String uri, RunDirectory other, List<String> names) {
    DomainEmbeddings means = other.means();
    if (!means.names().equals(names)) {
      throw new InvalidInputException(
          "Cannot compare with %s of mixture.other-proxies: it is of the domains %s, this run has %s. Give a run over the same domains."
              .formatted(uri, means.names(), names));
    }
    return means;
  }
}
