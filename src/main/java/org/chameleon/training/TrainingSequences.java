package org.chameleon.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.chameleon.config.InvalidInputException;
import org.chameleon.corpus.Corpus;
import org.chameleon.sampling.DomainSize;
import org.chameleon.sampling.KeptOut;
import org.chameleon.sampling.SampleConfig;
import org.chameleon.sampling.SampledWindows;
import org.chameleon.sampling.WindowSampler;
import org.chameleon.sampling.Windows;

/** Training sequences in which domains have given shares, whatever their sizes. */
public final class TrainingSequences {
  private static final int DOCUMENTS_PER_WINDOW = 4;
  private static final int MOST_PER_DOMAIN = 10_000_000;
  private static final double ROUNDING = 1e-9;
  private static final String POSITION = "position";
  private static final StructType PLACED =
      new StructType()
          .add(POSITION, DataTypes.IntegerType, false)
          .add(Windows.IDS, DataTypes.createArrayType(DataTypes.IntegerType, false), false);

  private final SparkSession spark;
  private final String tokenizer;
  private final long seed;
  private final KeptOut keptOut;

  /**
   * Creates a source of sequences.
   *
   * @param tokenizer content of a {@code tokenizer.json}; not used for a corpus of token ids
   * @param keptOut documents that no sequence may hold a token of
   */
  public TrainingSequences(SparkSession spark, String tokenizer, long seed, KeptOut keptOut) {
    this.spark = spark;
    this.tokenizer = tokenizer;
    this.seed = seed;
    this.keptOut = keptOut;
  }

  /** Returns the same share for every domain of a corpus. */
  public static SortedMap<String, Double> evenly(Corpus corpus) {
    SortedMap<String, Double> shares = new TreeMap<>();
    corpus.domains().keySet().forEach(domain -> shares.put(domain, 1.0));
    return shares;
  }

  /**
   * Returns one partition of token ids in training order. After any number of sequences each domain
   * has had its share of them within less than one. The sequences of a domain are drawn at random,
   * and come again in the same order where it has too few; a domain without a single one is left
   * out, and the shares of the others keep their proportions.
   *
   * @param shares by domain, in any unit; a domain that is not named has none
   * @param wanted number of sequences, below 2^31
   * @param tokens tokens of each
   * @throws InvalidInputException if a share is no share of the corpus, or no domain has a single
   *     sequence
   */
  public Sequences take(Map<String, Double> shares, long wanted, int tokens, Corpus corpus) {
    requireShares(shares, wanted, corpus);
    int turns = Math.toIntExact(wanted);
    SampledWindows sampled = sample(wanted(shares, turns), tokens, corpus);
    Map<String, Long> available =
        sampled.domains().stream()
            .filter(domain -> domain.windows() > 0)
            .collect(Collectors.toMap(DomainSize::name, DomainSize::windows));
    if (available.isEmpty()) {
      sampled.close();
      throw new InvalidInputException(
          "Cannot train the proxy: no domain has %d tokens in one file. Lower proxy.train.context."
              .formatted(tokens));
    }
    Map<String, Double> usable = new TreeMap<>(shares);
    usable.keySet().retainAll(available.keySet());
    Broadcast<Turns> order =
        new JavaSparkContext(spark.sparkContext()).broadcast(Turns.of(usable, turns));
    Dataset<Row> ids =
        spark
            .createDataFrame(sampled.windows().javaRDD().flatMap(placed(order, available)), PLACED)
            .repartition(1)
            .sortWithinPartitions(POSITION)
            .select(Windows.IDS);
    return new Sequences(ids, sampled);
  }

  /**
   * Sequences in training order; what they are made of lies on executors until this is closed.
   *
   * @param ids one partition of one column, {@code array<int>}
   * @param from what executors keep for it
   */
  public record Sequences(Dataset<Row> ids, SampledWindows from) implements AutoCloseable {
    /** Has executors drop the sequences. */
    @Override
    public void close() {
      from.close();
    }
  }

  private static FlatMapFunction<Row, Row> placed(
      Broadcast<Turns> order, Map<String, Long> available) {
    return window -> {
      String domain = window.getAs(Windows.DOMAIN);
      int[] places = order.value().places().get(domain);
      Object ids = window.get(window.fieldIndex(Windows.IDS));
      List<Row> rows = new ArrayList<>();
      int first = window.getAs(Windows.WINDOW);
      for (long turn = first; turn < places.length; turn += available.get(domain)) {
        rows.add(RowFactory.create(places[(int) turn], ids));
      }
      return rows.iterator();
    };
  }

  private static void requireShares(Map<String, Double> shares, long wanted, Corpus corpus) {
    for (Map.Entry<String, Double> share : shares.entrySet()) {
      if (!corpus.domains().containsKey(share.getKey())
          || !Double.isFinite(share.getValue())
          || share.getValue() < 0) {
        throw new InvalidInputException(
            ("Cannot give domain '%s' a share of %s: the corpus has domains %s, and shares are not"
                    + " negative.")
                .formatted(share.getKey(), share.getValue(), corpus.domains().keySet()));
      }
    }
    if (shares.values().stream().noneMatch(share -> share > 0) || wanted > Integer.MAX_VALUE - 8) {
      throw new InvalidInputException(
          ("Cannot order %d sequences by shares %s: give one domain a share, and ask for fewer than"
                  + " 2^31 sequences.")
              .formatted(wanted, shares));
    }
  }

  /** Windows of each domain, its part of the turns rounded up. */
  private static Map<String, Integer> wanted(Map<String, Double> shares, int turns) {
    double total = shares.values().stream().mapToDouble(Double::doubleValue).sum();
    Map<String, Integer> wanted = new TreeMap<>();
    shares.forEach(
        (domain, share) -> {
          double most = Math.ceil(share / total * turns - ROUNDING);
          if (share > 0) {
            wanted.put(domain, (int) Math.max(1, Math.min(most, MOST_PER_DOMAIN)));
          }
        });
    return wanted;
  }

  private SampledWindows sample(Map<String, Integer> wanted, int tokens, Corpus corpus) {
    SampleConfig config =
        new SampleConfig(
            Collections.max(wanted.values()),
            tokens,
            SampleConfig.Span.STREAM,
            SampleConfig.Unit.TOKENS,
            true,
            DOCUMENTS_PER_WINDOW);
    return new WindowSampler(spark, tokenizer, config, new WindowSampler.Seed(seed, "training"))
        .withKeptOut(keptOut)
        .sampleAvailable(corpus, wanted);
  }
}
