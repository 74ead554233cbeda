package org.chameleon.training;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.chameleon.config.InvalidInputException;
import org.chameleon.corpus.Corpus;
import org.chameleon.sampling.DomainSize;
import org.chameleon.sampling.SampleConfig;
import org.chameleon.sampling.SampledWindows;
import org.chameleon.sampling.WindowSampler;
import org.chameleon.sampling.Windows;

/** Training sequences in which every domain has the same weight, whatever its size. */
final class TrainingSequences {
  private static final int DOCUMENTS_PER_WINDOW = 4;
  private static final int MOST_PER_DOMAIN = 10_000_000;
  private static final StructType TURN =
      new StructType()
          .add(Windows.DOMAIN, DataTypes.StringType)
          .add("turn", DataTypes.LongType)
          .add("available", DataTypes.LongType)
          .add("passes", DataTypes.LongType);

  private final SparkSession spark;
  private final String tokenizer;
  private final long seed;

  TrainingSequences(SparkSession spark, String tokenizer, long seed) {
    this.spark = spark;
    this.tokenizer = tokenizer;
    this.seed = seed;
  }

  /**
   * Returns one partition of token ids in training order: a sequence of each domain in turn, drawn
   * at random, and drawn again in the same order where a domain has too few.
   *
   * @param wanted number of sequences
   * @param tokens tokens of each
   * @throws InvalidInputException if no domain has a single one
   */
  Dataset<Row> take(long wanted, int tokens, Corpus corpus) {
    SampledWindows sampled = sample(wanted, tokens, corpus);
    List<DomainSize> usable =
        sampled.domains().stream().filter(domain -> domain.windows() > 0).toList();
    if (usable.isEmpty()) {
      throw new InvalidInputException(
          "Cannot train the proxy: no domain has %d tokens in one file. Lower proxy.train.context."
              .formatted(tokens));
    }
    return sampled
        .windows()
        .join(broadcast(turns(usable, wanted)), Windows.DOMAIN)
        .withColumn("pass", explode(expr("sequence(0L, passes - 1)")))
        .withColumn(
            "position", expr("(window + pass * available) * %d + turn".formatted(usable.size())))
        .where(col("position").lt(wanted))
        .repartition(1)
        .sortWithinPartitions("position")
        .select(Windows.IDS);
  }

  private SampledWindows sample(long wanted, int tokens, Corpus corpus) {
    long each = perDomain(wanted, corpus.domains().size());
    SampleConfig config =
        new SampleConfig(
            (int) Math.min(each, MOST_PER_DOMAIN),
            tokens,
            SampleConfig.Span.STREAM,
            SampleConfig.Unit.TOKENS,
            true,
            DOCUMENTS_PER_WINDOW);
    WindowSampler.Seed draw = new WindowSampler.Seed(seed, "training");
    return new WindowSampler(spark, tokenizer, config, draw).sampleAvailable(corpus);
  }

  /** Which domain's turn it is when, and how often each has to be passed over. */
  private Dataset<Row> turns(List<DomainSize> usable, long wanted) {
    long each = perDomain(wanted, usable.size());
    List<Row> turns = new ArrayList<>();
    for (DomainSize domain : usable) {
      long passes = (each + domain.windows() - 1) / domain.windows();
      turns.add(RowFactory.create(domain.name(), (long) turns.size(), domain.windows(), passes));
    }
    return spark.createDataFrame(turns, TURN);
  }

  private static long perDomain(long wanted, int domains) {
    return (wanted + domains - 1) / domains;
  }
}
