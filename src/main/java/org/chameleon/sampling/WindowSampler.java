package org.chameleon.sampling;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Draws windows of every domain, the same for any number of partitions.
 *
 * <p>Documents are drawn by number, evenly; only they, and those a window runs on into, are read
 * and tokenized, on executors. Among all tokens (or documents) of these, the windows are drawn
 * evenly. A domain whose documents are all drawn is thus sampled exactly; a larger one by a
 * two-stage sample.
 */
public final class WindowSampler {
  private static final Logger LOG = LoggerFactory.getLogger(WindowSampler.class);

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
    SortedMap<String, DomainFiles> domains = new TreeMap<>(corpus.domains());
    domains.keySet().retainAll(wanted.keySet());
    Map<String, TokenSums> drawn = new TreeMap<>();
    Map<String, Long> counts = new TreeMap<>();
    Dataset<Row> windows = spark.createDataFrame(List.of(), Windows.SCHEMA);
    Map<String, Long> left = new TreeMap<>();
    domains.keySet().forEach(domain -> left.put(domain, 1L));
    Set<String> inFull = new TreeSet<>();
    while (!left.isEmpty()) {
      Map<String, long[]> ordinals = ordinals(domains, left, wanted);
      JavaRDD<WindowCutter.Cut> cuts = cut(corpus, ordinals, wanted, inFull);
      release.add(cuts::unpersist);
      FirstWindows first = new FirstWindows(spark, cuts, wantedOf(left.keySet(), wanted));
      release.add(first::forget);
      Map<String, Candidates.Found> found = first.found();
      Set<String> done = new TreeSet<>();
      ordinals.forEach(
          (domain, numbers) -> {
            Candidates.Found now = found.getOrDefault(domain, Candidates.Found.NONE);
            drawn.put(domain, now.read().withDrawn(numbers.length));
            boolean all = numbers.length == domains.get(domain).rows();
            if (!inFull.contains(domain) && now.mayMiss(wanted.get(domain))) {
              LOG.info(
                  "sample: domain '{}' is read again: its windows lie in few of its files", domain);
              inFull.add(domain);
            } else if (all || now.count() >= wanted.get(domain)) {
              counts.put(domain, now.count());
              done.add(domain);
              left.remove(domain);
            } else {
              left.merge(domain, 4L, Math::multiplyExact);
            }
          });
      if (done.isEmpty()) {
        first.forget();
        cuts.unpersist();
      } else {
        windows = windows.unionAll(first.windows(done));
      }
    }
    return new SampledWindows(windows, sizes(domains, drawn, counts), release);
  }

  private static Map<String, Integer> wantedOf(Set<String> left, Map<String, Integer> wanted) {
    Map<String, Integer> result = new TreeMap<>(wanted);
    result.keySet().retainAll(left);
    return result;
  }

  /**
   * Draws documents.
   *
   * @param left domains that are sampled, and how many times as many documents as at first
   */
  private Map<String, long[]> ordinals(
      Map<String, DomainFiles> domains, Map<String, Long> left, Map<String, Integer> wanted) {
    Map<String, long[]> ordinals = new TreeMap<>();
    left.forEach(
        (domain, times) -> {
          long documents = (long) wanted.get(domain) * config.documentsPerWindow() * times;
          ordinals.put(domain, seed.documents(domains.get(domain), documents));
        });
    return ordinals;
  }

  private JavaRDD<WindowCutter.Cut> cut(
      Corpus corpus,
      Map<String, long[]> ordinals,
      Map<String, Integer> wanted,
      Set<String> inFull) {
    Map<String, WindowCutter.DomainDraw> draws = new HashMap<>();
    for (String domain : ordinals.keySet()) {
      long draw = Draws.seed(seed.value(), seed.purpose(), domain);
      int documents = inFull.contains(domain) ? 0 : ordinals.get(domain).length;
      draws.put(domain, new WindowCutter.DomainDraw(draw, wanted.get(domain), documents));
    }
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

  private static List<DomainSize> sizes(
      Map<String, DomainFiles> domains, Map<String, TokenSums> drawn, Map<String, Long> windows) {
    List<DomainSize> sizes = new ArrayList<>();
    domains.forEach(
        (name, files) ->
            sizes.add(DomainSize.of(files, drawn.get(name)).withWindows(windows.get(name))));
    return sizes;
  }
}
