package org.chameleon.evaluation;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.chameleon.config.InvalidInputException;
import org.chameleon.corpus.Corpus;
import org.chameleon.corpus.Document;
import org.chameleon.model.Tokenizer;
import org.chameleon.sampling.KeptOut;
import org.chameleon.sampling.WindowSampler;
import org.chameleon.storage.Folder;
import scala.Tuple2;

/**
 * What trials are trained on, tokenized once: of each domain as many sequences as asked for, or all
 * that it has, from its documents in a random order. Held-out documents are not among them, nor
 * documents of any domain with the content of one.
 */
final class TokenPool {
  /** Documents of a domain that are read to see how long they are. */
  private static final long AT_FIRST = 64;

  private static final double MARGIN = 1.2;
  private static final long MOST_DOCUMENTS = Integer.MAX_VALUE - 8;

  private final SparkSession spark;
  private final String tokenizer;
  private final WindowSampler.Seed seed;
  private final KeptOut keptOut;
  private final ContentHashes heldOut;

  /**
   * Creates a pool.
   *
   * @param tokenizer content of a {@code tokenizer.json}; not used for a corpus of token ids
   * @param seed of the draw and the order
   * @param keptOut documents that are not trained on
   * @param heldOut contents that are not trained on
   */
  TokenPool(
      SparkSession spark, String tokenizer, long seed, KeptOut keptOut, ContentHashes heldOut) {
    this.spark = spark;
    this.tokenizer = tokenizer;
    this.seed = new WindowSampler.Seed(seed, "trials");
    this.keptOut = keptOut;
    this.heldOut = heldOut;
  }

  /**
   * What was written.
   *
   * @param index of the folder
   * @param duplicatesDropped documents with the content of one that is held out
   */
  record Pool(PoolIndex index, long duplicatesDropped) {
    /** Returns the number of sequences of each domain. */
    SortedMap<String, Long> sequences() {
      SortedMap<String, Long> sequences = new TreeMap<>();
      index.domains().forEach(domain -> sequences.put(domain.name(), domain.sequences()));
      return sequences;
    }
  }

  /** A document of a domain, or that one was dropped. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Tokens(String domain, long ordinal, int[] ids) implements Serializable {}

  /**
   * Writes a pool.
   *
   * @param sequences most of each domain; perhaps 0
   * @param context ids of a sequence that are predicted
   * @throws InvalidInputException if a domain of which there should be some has not one sequence
   */
  Pool write(Corpus corpus, Map<String, Long> sequences, int context, Folder folder) {
    List<JavaRDD<Tokens>> kept = new ArrayList<>();
    try {
      JavaRDD<Tokens> documents = new JavaSparkContext(spark.sparkContext()).emptyRDD();
      Map<String, Boolean> complete = new HashMap<>();
      SortedMap<String, Long> draw = new TreeMap<>();
      sequences.forEach(
          (domain, wanted) -> {
            complete.put(domain, false);
            if (wanted > 0) {
              draw.put(domain, AT_FIRST);
            }
          });
      while (!draw.isEmpty()) {
        JavaRDD<Tokens> read = read(corpus, draw).persist(StorageLevel.MEMORY_AND_DISK());
        kept.add(read);
        Map<String, Long> found = tokens(read);
        Set<String> done = new HashSet<>();
        draw.replaceAll(
            (domain, drawn) -> {
              boolean all = drawn >= corpus.domains().get(domain).rows();
              long needed = sequences.get(domain) * context + 1;
              long tokens = found.getOrDefault(domain, 0L);
              complete.put(domain, all);
              if (all || tokens >= needed) {
                done.add(domain);
              }
              return more(drawn, needed, tokens);
            });
        documents = documents.union(read.filter(document -> done.contains(document.domain())));
        draw.keySet().removeAll(done);
      }
      return written(documents, sequences, complete, context, folder);
    } finally {
      kept.forEach(JavaRDD::unpersist);
    }
  }

  /** Returns how many documents to draw where so many had too few tokens. */
  private static long more(long drawn, long needed, long tokens) {
    double factor = Math.max(2, MARGIN * needed / Math.max(1, tokens));
    return (long) Math.min(Math.ceil(drawn * factor), (double) MOST_DOCUMENTS);
  }

  private JavaRDD<Tokens> read(Corpus corpus, Map<String, Long> draw) {
    Map<String, long[]> ordinals = new TreeMap<>();
    draw.forEach(
        (domain, documents) -> {
          long[] drawn = seed.documents(corpus.domains().get(domain), documents);
          ordinals.put(
              domain, Arrays.stream(drawn).filter(n -> !keptOut.contains(domain, n)).toArray());
        });
    boolean tokens = corpus.holdsTokens();
    JavaSparkContext context = new JavaSparkContext(spark.sparkContext());
    Broadcast<String> json = context.broadcast(tokenizer);
    Broadcast<ContentHashes> without = context.broadcast(heldOut);
    return corpus
        .documents(ordinals)
        .map(
            document ->
                tokens(document, tokens ? null : Tokenizer.of(json.value()), without.value()));
  }

  private static Tokens tokens(Document document, Tokenizer tokenizer, ContentHashes without) {
    int[] ids = null;
    if (!without.contains(document)) {
      ids = tokenizer == null ? document.tokens() : tokenizer.encode(document.text());
    }
    return new Tokens(document.domain(), document.ordinal(), ids);
  }

  private static Map<String, Long> tokens(JavaRDD<Tokens> read) {
    return read.filter(document -> document.ids() != null)
        .mapToPair(document -> new Tuple2<>(document.domain(), (long) document.ids().length))
        .reduceByKey(Long::sum)
        .collectAsMap();
  }

  private Pool written(
      JavaRDD<Tokens> documents,
      Map<String, Long> sequences,
      Map<String, Boolean> complete,
      int context,
      Folder folder) {
    List<String> domains = List.copyOf(new TreeMap<>(sequences).keySet());
    Map<String, Integer> numbers = new HashMap<>();
    Map<String, Pieces> orders = new HashMap<>();
    for (String domain : domains) {
      numbers.put(domain, numbers.size());
      orders.put(domain, Pieces.of(seed.value(), seed.purpose(), domain, context));
    }
    JavaPairRDD<PoolWriter.Place, int[]> placed =
        documents
            .filter(document -> document.ids() != null)
            .flatMapToPair(
                document -> {
                  int[] ids = document.ids();
                  int domain = numbers.get(document.domain());
                  return orders.get(document.domain()).cut(document.ordinal(), ids.length).stream()
                      .map(
                          piece ->
                              new Tuple2<>(
                                  new PoolWriter.Place(
                                      domain, piece.order(), document.ordinal(), piece.start()),
                                  Arrays.copyOfRange(ids, piece.start(), piece.end())))
                      .iterator();
                });
    PoolIndex index =
        new PoolWriter(spark, folder, context).write(domains, placed, sequences, complete);
    for (PoolIndex.Domain domain : index.domains()) {
      if (domain.sequences() == 0 && sequences.get(domain.name()) > 0) {
        throw new InvalidInputException(
            "Cannot train on domain '%s': all its documents together have fewer than %d tokens. Lower evaluation.model.context, or add data."
                .formatted(domain.name(), context + 1));
      }
    }
    return new Pool(index, documents.filter(document -> document.ids() == null).count());
  }
}
