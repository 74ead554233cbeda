package org.chameleon.sampling;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.chameleon.config.InvalidInputException;
import org.chameleon.corpus.Corpus;
import org.chameleon.corpus.DomainFiles;
import org.chameleon.model.Tokenizer;

/**
 * Draws windows of every domain, the same for any number of partitions.
 *
 * <p>Documents are drawn by number, evenly; only they, and those a window runs on into, are read
 * and tokenized, on executors. Among all tokens (or documents) of these, the windows are drawn
 * evenly. A domain whose documents are all drawn is thus sampled exactly; a larger one by a
 * two-stage sample.
 */
public final class WindowSampler {
  private final SparkSession spark;
  private final String tokenizer;
  private final SampleConfig config;
  private final Seed seed;
  private final KeptOut keptOut;

  /**
   * A seed and what it is used for.
   *
   * @param value the number
   * @param purpose a word that makes draws for different purposes independent
   */
  public record Seed(long value, String purpose) {

    /** Draws documents of a domain by number, ascending; all if there are no more than wanted. */
    public long[] documents(DomainFiles domain, long wanted) {
      long documentSeed = Draws.seed(value, purpose + " documents", domain.domain());
      return Draws.ordinals(documentSeed, wanted, domain.rows());
    }
  }

  /**
   * Creates a sampler.
   *
   * @param tokenizer content of the proxy's {@code tokenizer.json}; not used for a corpus of token
   *     ids
   */
  public WindowSampler(SparkSession spark, String tokenizer, SampleConfig config, Seed seed) {
    this(spark, tokenizer, config, seed, KeptOut.NONE);
  }

  private WindowSampler(
      SparkSession spark, String tokenizer, SampleConfig config, Seed seed, KeptOut keptOut) {
    this.spark = spark;
    this.tokenizer = tokenizer;
    this.config = config;
    this.seed = seed;
    this.keptOut = keptOut;
  }

  /**
   * Returns a sampler that draws the same, but for windows with tokens of some documents. The sizes
   * that it finds are those of all documents.
   */
  public WindowSampler withKeptOut(KeptOut documents) {
    return new WindowSampler(spark, tokenizer, config, seed, documents);
  }

  /**
   * Draws the windows.
   *
   * @throws InvalidInputException if a domain has too few distinct windows, or none
   */
  public SampledWindows sample(Corpus corpus) {
    Map<String, Integer> wanted = new TreeMap<>();
    corpus.domains().keySet().forEach(domain -> wanted.put(domain, config.windowsPerDomain()));
    SampledWindows sampled = sampleAvailable(corpus, wanted);
    try {
      sampled.domains().forEach(domain -> requireEnough(domain.name(), domain.windows()));
      return sampled;
    } catch (InvalidInputException e) {
      sampled.close();
      throw e;
    }
  }

  /**
   * Draws as many windows of each domain as there are, up to those wanted; perhaps none.
   *
   * @param wanted windows by domain, in place of those of the configuration
   */
  public SampledWindows sampleAvailable(Corpus corpus, Map<String, Integer> wanted) {
    List<Runnable> release = new ArrayList<>();
    try {
      return sampleAvailable(corpus, wanted, release);
    } catch (Throwable failure) {
      release.forEach(Runnable::run);
      throw failure;
    }
  }

  private SampledWindows sampleAvailable(
      Corpus corpus, Map<String, Integer> wanted, List<Runnable> release) {
    DomainsLeft left = new DomainsLeft(corpus.domains(), wanted);
    Dataset<Row> windows = spark.createDataFrame(List.of(), Windows.SCHEMA);
    while (!left.isEmpty()) {
      Map<String, long[]> ordinals = ordinals(corpus.domains(), left);
      JavaRDD<WindowCutter.Cut> cuts = cut(corpus, ordinals, left);
      release.add(cuts::unpersist);
      FirstWindows first = new FirstWindows(spark, cuts, left.wanted());
      release.add(first::forget);
      Map<String, Integer> read = new TreeMap<>();
      ordinals.forEach((domain, numbers) -> read.put(domain, numbers.length));
      Set<String> done = left.settle(read, first.found());
      if (done.isEmpty()) {
        first.forget();
        cuts.unpersist();
      } else {
        windows = windows.unionAll(first.windows(done));
      }
    }
    return new SampledWindows(windows, left.sizes(), release);
  }

  private Map<String, long[]> ordinals(Map<String, DomainFiles> domains, DomainsLeft left) {
    Map<String, long[]> ordinals = new TreeMap<>();
    for (String domain : left.wanted().keySet()) {
      long documents = left.documents(domain, config.documentsPerWindow());
      ordinals.put(domain, seed.documents(domains.get(domain), documents));
    }
    return ordinals;
  }

  private JavaRDD<WindowCutter.Cut> cut(
      Corpus corpus, Map<String, long[]> ordinals, DomainsLeft left) {
    Map<String, WindowCutter.DomainDraw> draws = new HashMap<>();
    left.wanted()
        .forEach(
            (domain, windows) -> {
              long draw = Draws.seed(seed.value(), seed.purpose(), domain);
              int documents = left.isReadInFull(domain) ? 0 : ordinals.get(domain).length;
              draws.put(domain, new WindowCutter.DomainDraw(draw, windows, documents));
            });
    boolean tokens = corpus.holdsTokens();
    SampleConfig how = config;
    JavaSparkContext context = new JavaSparkContext(spark.sparkContext());
    Broadcast<KeptOut> without = context.broadcast(keptOut);
    Broadcast<String> json = context.broadcast(tokenizer);
    return corpus
        .read(
            ordinals,
            () ->
                new WindowCutter(
                    how, draws, without.value(), tokens ? null : Tokenizer.of(json.value())),
            WindowCutter::cuts)
        .persist(StorageLevel.MEMORY_AND_DISK());
  }

  private void requireEnough(String domain, long found) {
    if (found == 0 || (found < config.windowsPerDomain() && !config.allowFewer())) {
      throw new InvalidInputException(
          ("Cannot sample domain '%s': %d windows found, %d needed. Lower sample.windows-per-domain or"
                  + " sample.window-tokens, set sample.allow-fewer = true%s, or add data.")
              .formatted(
                  domain,
                  found,
                  config.windowsPerDomain(),
                  found == 0 && config.span() == SampleConfig.Span.STREAM
                      ? ", sample.span = document (a window of a stream does not run on into the next file)"
                      : ""));
    }
  }
}
