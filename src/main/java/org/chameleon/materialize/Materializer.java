package org.chameleon.materialize;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.chameleon.config.InvalidInputException;
import org.chameleon.corpus.Corpus;
import org.chameleon.corpus.Document;
import org.chameleon.corpus.DomainFiles;
import org.chameleon.plan.SamplingPlan;
import org.chameleon.sampling.DocumentTokenCounter;
import org.chameleon.storage.HashedFile;
import org.chameleon.storage.PartWriter;

/**
 * Writes the mixed corpus of a plan, in one pass over the documents: each is read, tokenized for
 * its length, and sent as often as the plan says to places that a hash decides; each task of the
 * second half sorts what came to it, which Spark does beyond its memory, and writes one shard.
 */
public final class Materializer {
  private static final int MOST_SHARDS = 100_000;

  private final SparkSession spark;
  private final String tokenizer;
  private final ShardSettings settings;

  /**
   * Creates a materializer.
   *
   * @param tokenizer content of the {@code tokenizer.json} that counts tokens; not used for a
   *     corpus of token ids
   */
  public Materializer(SparkSession spark, String tokenizer, ShardSettings settings) {
    this.spark = spark;
    this.tokenizer = tokenizer;
    this.settings = settings;
  }

  /**
   * Writes the shards below {@code folder}.
   *
   * @throws InvalidInputException if nothing can be written
   */
  public MixedCorpus write(
      Corpus corpus, SamplingPlan plan, MixedCorpus.Source source, String folder) {
    Map<String, Double> epochs = new TreeMap<>();
    plan.domains().forEach(domain -> epochs.put(domain.name(), domain.epochs()));
    int shards = shards(corpus, plan);
    JavaRDD<Row> copies = copies(corpus, new Copies(epochs, settings.seed()));
    Column[] order = Arrays.stream(MixedRow.ORDER).map(functions::col).toArray(Column[]::new);
    Dataset<Row> shuffled =
        spark
            .createDataFrame(copies, MixedRow.schema(corpus.holdsTokens()))
            .repartition(shards, functions.col(MixedRow.PLACE))
            .sortWithinPartitions(order);
    List<Shard> written = write(shuffled.toJavaRDD(), corpus.holdsTokens(), folder);
    return MixedCorpus.of(source, plan, settings, written);
  }

  /**
   * Checks that a corpus is the one that was planned, before anything of another is deleted.
   *
   * @throws InvalidInputException if it is not
   */
  public static void requireSame(Corpus corpus, SamplingPlan plan) {
    for (SamplingPlan.Domain domain : plan.domains()) {
      if (domain.epochs() == null || domain.sources().isEmpty()) {
        throw new InvalidInputException(
            "Cannot materialize domain '%s': the plan does not know its documents. Run with a corpus, and a plan of its tokens."
                .formatted(domain.name()));
      }
      DomainFiles found = corpus.domains().get(domain.name());
      if (found == null || !found.sources().equals(domain.sources())) {
        throw new InvalidInputException(
            "Cannot materialize domain '%s': its files are not those of the plan%s. Run again with --resume, then materialize."
                .formatted(domain.name(), found == null ? "" : difference(found, domain)));
      }
    }
    for (String domain : corpus.domains().keySet()) {
      if (plan.domains().stream().noneMatch(d -> d.name().equals(domain))) {
        throw new InvalidInputException(
            "Cannot materialize: domain '%s' is in the corpus and not in the plan. Run again with --resume, then materialize."
                .formatted(domain));
      }
    }
  }

  private static String difference(DomainFiles found, SamplingPlan.Domain planned) {
    return planned.sources().stream()
        .filter(source -> !found.sources().contains(source))
        .findFirst()
        .map(source -> ": %s is gone or has changed".formatted(source.path()))
        .orElse(": there are more");
  }

  private int shards(Corpus corpus, SamplingPlan plan) {
    Map<String, Double> sizes = TextSizes.perDocument(corpus, settings.format(), settings.seed());
    double bytes = 0;
    for (SamplingPlan.Domain domain : plan.domains()) {
      double rows = domain.epochs() * corpus.domains().get(domain.name()).rows();
      bytes += rows * sizes.getOrDefault(domain.name(), 0.0);
    }
    return (int) Math.max(1, Math.min(MOST_SHARDS, Math.ceil(bytes / settings.shardBytes())));
  }

  private JavaRDD<Row> copies(Corpus corpus, Copies copies) {
    DocumentTokenCounter tokens = DocumentTokenCounter.of(spark, corpus, tokenizer);
    return corpus.documents().flatMap(document -> rows(document, copies, tokens));
  }

  private static Iterator<Row> rows(
      Document document, Copies copies, DocumentTokenCounter counted) {
    String domain = document.domain();
    int count = copies.of(domain, document.ordinal());
    if (count == 0) {
      return Collections.emptyIterator();
    }
    int tokens = counted.count(document);
    return IntStream.range(0, count)
        .mapToObj(
            i -> MixedRow.of(document, copies.place(domain, document.ordinal(), i), tokens, i))
        .iterator();
  }

  private List<Shard> write(JavaRDD<Row> shuffled, boolean ids, String folder) {
    ShardSettings how = settings;
    return new PartWriter(spark, folder)
        .write(
            shuffled,
            (index, rows, into, hadoop) -> {
              String name = "part-%05d%s".formatted(index, how.format().ending());
              HashedFile file = HashedFile.create(new Path(into, name), hadoop);
              return shard(rows, ShardWriter.open(file, how, ids));
            });
  }

  private static Shard shard(Iterator<Row> rows, ShardWriter shard) throws IOException {
    Map<String, Shard.Content> contents = new HashMap<>();
    try (ShardWriter writer = shard) {
      while (rows.hasNext()) {
        Row row = rows.next();
        writer.write(row);
        Shard.Content one =
            new Shard.Content(1, MixedRow.isFirst(row) ? 1 : 0, MixedRow.tokens(row));
        contents.merge(MixedRow.domain(row), one, Shard.Content::plus);
      }
    }
    return new Shard(shard.record(), contents);
  }
}
