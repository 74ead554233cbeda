package org.chameleon.sampling;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.struct;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
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
  private static final String PICK = "pick";
  private static final StructType CUT =
      new StructType()
          .add(Windows.DOMAIN, DataTypes.StringType)
          .add("high", DataTypes.LongType)
          .add("low", DataTypes.LongType)
          .add("round", DataTypes.LongType)
          .add("hash", DataTypes.LongType)
          .add("ordinal", DataTypes.LongType)
          .add(Windows.OFFSET, DataTypes.IntegerType)
          .add(Windows.FILE, DataTypes.StringType)
          .add(Windows.ROW, DataTypes.LongType)
          .add(Windows.IDS, DataTypes.createArrayType(DataTypes.IntegerType, false));

  private final SparkSession spark;
  private final String tokenizer;
  private final SampleConfig config;
  private final Seed seed;

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
    this.spark = spark;
    this.tokenizer = tokenizer;
    this.config = config;
    this.seed = seed;
  }

  /**
   * Draws the windows.
   *
   * @throws InvalidInputException if a domain has too few distinct windows, or none
   */
  public SampledWindows sample(Corpus corpus) {
    SampledWindows sampled = sampleAvailable(corpus);
    try {
      sampled.domains().forEach(domain -> requireEnough(domain.name(), domain.windows()));
      return sampled;
    } catch (InvalidInputException e) {
      sampled.close();
      throw e;
    }
  }

  /** Draws as many windows of each domain as there are, up to those wanted; perhaps none. */
  public SampledWindows sampleAvailable(Corpus corpus) {
    List<JavaRDD<WindowCutter.Cut>> kept = new ArrayList<>();
    try {
      return sampleAvailable(corpus, kept);
    } catch (Throwable failure) {
      kept.forEach(JavaRDD::unpersist);
      throw failure;
    }
  }

  private SampledWindows sampleAvailable(Corpus corpus, List<JavaRDD<WindowCutter.Cut>> kept) {
    SortedMap<String, DomainFiles> domains = corpus.domains();
    Map<String, TokenSums> drawn = new TreeMap<>();
    Map<String, Long> counts = new TreeMap<>();
    Dataset<Row> windows = spark.createDataFrame(List.of(), Windows.SCHEMA);
    Set<String> left = new HashSet<>(domains.keySet());
    long documents = config.documents();
    while (!left.isEmpty()) {
      Map<String, long[]> ordinals = ordinals(domains, left, documents);
      JavaRDD<WindowCutter.Cut> cuts = cut(corpus, ordinals);
      kept.add(cuts);
      drawn.putAll(drawn(ordinals, cuts));
      Dataset<Row> found = lowest(cuts);
      Map<String, Long> now = new HashMap<>();
      found
          .groupBy(Windows.DOMAIN)
          .count()
          .collectAsList()
          .forEach(row -> now.put(row.getString(0), row.getLong(1)));
      Set<String> done = new HashSet<>();
      for (String domain : left) {
        boolean all = ordinals.get(domain).length == domains.get(domain).rows();
        if (all || now.getOrDefault(domain, 0L) >= config.windowsPerDomain()) {
          counts.put(domain, now.getOrDefault(domain, 0L));
          done.add(domain);
        }
      }
      windows = windows.unionAll(found.where(col(Windows.DOMAIN).isin(done.toArray())));
      left.removeAll(done);
      documents *= 4;
    }
    return new SampledWindows(windows, sizes(domains, drawn, counts), kept);
  }

  private Map<String, long[]> ordinals(
      Map<String, DomainFiles> domains, Set<String> wanted, long documents) {
    Map<String, long[]> ordinals = new TreeMap<>();
    for (String domain : wanted) {
      ordinals.put(domain, seed.documents(domains.get(domain), documents));
    }
    return ordinals;
  }

  private JavaRDD<WindowCutter.Cut> cut(Corpus corpus, Map<String, long[]> ordinals) {
    Map<String, Long> seeds = new HashMap<>();
    ordinals.keySet().forEach(d -> seeds.put(d, Draws.seed(seed.value(), seed.purpose(), d)));
    boolean tokens = corpus.holdsTokens();
    SampleConfig how = config;
    Broadcast<String> json = new JavaSparkContext(spark.sparkContext()).broadcast(tokenizer);
    return corpus
        .read(
            ordinals,
            () -> new WindowCutter(how, seeds, tokens ? null : Tokenizer.of(json.value())),
            WindowCutter::cuts)
        .persist(StorageLevel.MEMORY_AND_DISK());
  }

  private static Map<String, TokenSums> drawn(
      Map<String, long[]> ordinals, JavaRDD<WindowCutter.Cut> cuts) {
    Map<String, TokenSums> drawn = new TreeMap<>();
    ordinals.forEach((domain, numbers) -> drawn.put(domain, TokenSums.NONE));
    cuts.map(cut -> new WindowCutter.Cut(cut.domain(), cut.read(), List.of()))
        .collect()
        .forEach(cut -> drawn.computeIfPresent(cut.domain(), (d, sums) -> sums.plus(cut.read())));
    drawn.replaceAll((domain, sums) -> sums.withDrawn(ordinals.get(domain).length));
    return drawn;
  }

  private Dataset<Row> lowest(JavaRDD<WindowCutter.Cut> cuts) {
    JavaRDD<Row> rows = cuts.flatMap(WindowSampler::rows);
    Dataset<Row> distinct =
        spark
            .createDataFrame(rows, CUT)
            .groupBy(Windows.DOMAIN, "high", "low")
            .agg(
                min(struct(
                        "round",
                        "hash",
                        "ordinal",
                        Windows.OFFSET,
                        Windows.FILE,
                        Windows.ROW,
                        Windows.IDS))
                    .as(PICK));
    return distinct
        .withColumn(
            Windows.WINDOW,
            row_number()
                .over(
                    Window.partitionBy(Windows.DOMAIN)
                        .orderBy(
                            PICK + ".round",
                            PICK + ".hash",
                            PICK + ".ordinal",
                            PICK + "." + Windows.OFFSET))
                .minus(1))
        .where(col(Windows.WINDOW).lt(config.windowsPerDomain()))
        .select(
            col(Windows.DOMAIN),
            col(Windows.WINDOW),
            col(PICK + "." + Windows.IDS).as(Windows.IDS),
            col(PICK + "." + Windows.FILE).as(Windows.FILE),
            col(PICK + "." + Windows.ROW).as(Windows.ROW),
            col(PICK + "." + Windows.OFFSET).as(Windows.OFFSET));
  }

  private static Iterator<Row> rows(WindowCutter.Cut cut) {
    return cut.windows().stream()
        .map(
            w -> {
              CutWindow.Content content = w.content();
              return RowFactory.create(
                  cut.domain(),
                  content.high(),
                  content.low(),
                  w.round(),
                  w.hash(),
                  w.ordinal(),
                  w.offset(),
                  w.file(),
                  w.row(),
                  w.ids());
            })
        .iterator();
  }

  private void requireEnough(String domain, long found) {
    if (found == 0 || (found < config.windowsPerDomain() && !config.allowFewer())) {
      throw new InvalidInputException(
          ("Cannot sample domain '%s': %d windows found, %d needed. Lower sample.windows-per-domain or"
                  + " sample.window-tokens, set sample.allow-fewer = true, or add data.")
              .formatted(domain, found, config.windowsPerDomain()));
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
