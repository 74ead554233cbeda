package org.chameleon.sequences;

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
import org.chameleon.corpus.Corpus;
import org.chameleon.corpus.Document;
import org.chameleon.model.Tokenizer;
import org.chameleon.sampling.KeptOut;
import org.chameleon.sampling.WindowSampler;
import org.chameleon.storage.Folder;
import scala.Tuple2;

/**
 * What models are trained on, tokenized once: of each domain as many sequences as asked for, or all
 * that it has, from its documents in a random order. Documents that are kept out are not among
 * them, nor documents of any domain with the content of one that is held out.
 */
public final class TokenPool {
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
   * @param seed of the draw and the order, and what the pool is for
   * @param keptOut documents that are not trained on
   * @param heldOut contents that are not trained on
   */
  public TokenPool(
      SparkSession spark,
      String tokenizer,
      WindowSampler.Seed seed,
      KeptOut keptOut,
      ContentHashes heldOut) {
    this.spark = spark;
    this.tokenizer = tokenizer;
    this.seed = seed;
    this.keptOut = keptOut;
    this.heldOut = heldOut;
  }

  /**
   * What was written.
   *
   * @param index of the folder
   * @param duplicatesDropped documents with the content of one that is held out
   */
  public record Pool(PoolIndex index, long duplicatesDropped) {}

  /** A document of a domain, or that one was dropped. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Tokens(String domain, long ordinal, int[] ids) implements Serializable {}

  /**
   * Writes a pool. A domain whose documents are together shorter than a sequence has none.
   *
   * @param sequences most of each domain; perhaps 0
   * @param context ids of a sequence that are predicted
   * @param folder that is made
   */
  public Pool write(Corpus corpus, Map<String, Long> sequences, int context, Folder folder) {
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
    DocumentOrder order = new DocumentOrder(domains, seed.value(), seed.purpose(), context);
    JavaPairRDD<PoolWriter.Place, int[]> placed =
        documents
            .filter(document -> document.ids() != null)
            .flatMapToPair(
                document -> {
                  int[] ids = document.ids();
                  return order.cut(document.domain(), document.ordinal(), ids.length).stream()
                      .map(
                          piece ->
                              new Tuple2<>(
                                  piece.place(),
                                  Arrays.copyOfRange(ids, piece.start(), piece.end())))
                      .iterator();
                });
    PoolIndex index =
        new PoolWriter(spark, folder, context).write(domains, placed, sequences, complete);
    return new Pool(index, documents.filter(document -> document.ids() == null).count());
  }
}
