package org.chameleon.evaluation;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.chameleon.config.InvalidInputException;
import org.chameleon.corpus.Document;
import org.chameleon.model.MeasuredTokens;
import org.chameleon.model.Tokenizer;
import org.chameleon.sequences.ContentHashes;
import org.chameleon.sequences.DocumentOrder;
import org.chameleon.sequences.PoolWriter;
import org.chameleon.sequences.SequenceCutter;
import org.chameleon.storage.Folder;
import scala.Tuple2;

/**
 * What models are measured on: documents of each domain one behind the other, in a random order,
 * cut into windows of one length, each of which begins with the last id of the one before, so that
 * every id but the first is predicted once. What is left at the end is not measured.
 */
public final class HeldOutWindows implements AutoCloseable {
  /** Windows of a domain, at least. */
  static final int LEAST = 20;

  /** The columns: the domain, the window's number, its ids, and bytes of all ids but the first. */
  static final StructType SCHEMA =
      new StructType()
          .add("domain", DataTypes.StringType, false)
          .add("window", DataTypes.IntegerType, false)
          .add("ids", DataTypes.createArrayType(DataTypes.IntegerType, false), false)
          .add("bytes", DataTypes.LongType, false);

  private final SparkSession spark;
  private final int context;
  private final List<String> domains;
  private final JavaRDD<HeldDocument> documents;
  private final JavaRDD<Row> rows;
  private final SortedMap<String, Long> windows = new TreeMap<>();
  private final SortedMap<String, Long> bytes = new TreeMap<>();
  private long count;

  /**
   * A document that is measured on.
   *
   * @param ids of its tokens
   * @param bytes of each token
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record HeldDocument(
      String domain, long ordinal, ContentHashes.Hash hash, int[] ids, int[] bytes)
      implements Serializable {

    HeldDocument part(DocumentOrder.Piece piece) {
      return new HeldDocument(
          domain,
          ordinal,
          hash,
          Arrays.copyOfRange(ids, piece.start(), piece.end()),
          Arrays.copyOfRange(bytes, piece.start(), piece.end()));
    }
  }

  private HeldOutWindows(
      SparkSession spark,
      int context,
      List<String> domains,
      JavaRDD<HeldDocument> documents,
      JavaRDD<Row> rows) {
    this.spark = spark;
    this.context = context;
    this.domains = domains;
    this.documents = documents;
    this.rows = rows;
  }

  /**
   * Cuts the windows of documents.
   *
   * @param tokenizer content of a {@code tokenizer.json}
   * @param context ids of a window that are predicted
   * @param most tokens of a domain that are predicted
   * @throws InvalidInputException if a domain has too few, or the bytes of tokens are not known
   */
  static HeldOutWindows of(
      SparkSession spark,
      MeasuredDocuments measured,
      String tokenizer,
      int context,
      long most,
      long seed) {
    if (tokenizer.isEmpty()) {
      throw new InvalidInputException(
          "Cannot measure bits per byte: the corpus holds token ids, and no tokenizer says what text they stand for. Put the tokenizer.json beside proxy.checkpoint.");
    }
    JavaRDD<HeldDocument> documents =
        read(spark, measured, tokenizer).persist(StorageLevel.MEMORY_AND_DISK());
    List<String> domains = List.copyOf(measured.corpus().domains().keySet());
    JavaRDD<Row> rows =
        rows(documents, domains, context, Math.max(1, most / context), seed)
            .persist(StorageLevel.MEMORY_AND_DISK());
    HeldOutWindows windows = new HeldOutWindows(spark, context, domains, documents, rows);
    try {
      windows.count(measured);
      return windows;
    } catch (Throwable failure) {
      windows.close();
      throw failure;
    }
  }

  private static JavaRDD<HeldDocument> read(
      SparkSession spark, MeasuredDocuments measured, String tokenizer) {
    Broadcast<String> json = new JavaSparkContext(spark.sparkContext()).broadcast(tokenizer);
    return measured
        .corpus()
        .documents(measured.documents().documents())
        .map(document -> measured(document, Tokenizer.of(json.value())));
  }

  private static HeldDocument measured(Document document, Tokenizer tokenizer) {
    MeasuredTokens tokens =
        document.tokens() == null
            ? tokenizer.measure(document.text())
            : tokenizer.measure(document.tokens());
    return new HeldDocument(
        document.domain(),
        document.ordinal(),
        ContentHashes.of(document),
        tokens.ids(),
        tokens.bytes());
  }

  private static JavaRDD<Row> rows(
      JavaRDD<HeldDocument> documents, List<String> domains, int context, long most, long seed) {
    DocumentOrder order = new DocumentOrder(domains, seed, "held-out windows", context);
    return documents
        .flatMapToPair(
            document ->
                order.cut(document.domain(), document.ordinal(), document.ids().length).stream()
                    .map(piece -> new Tuple2<>(piece.place(), document.part(piece)))
                    .iterator())
        .repartitionAndSortWithinPartitions(order.partitioner())
        .mapPartitions(documentsOfOne -> cut(documentsOfOne, context, most));
  }

  private static Iterator<Row> cut(
      Iterator<Tuple2<PoolWriter.Place, HeldDocument>> documents, int context, long most) {
    List<Row> windows = new ArrayList<>();
    SequenceCutter cutter = new SequenceCutter(context);
    long bytes = 0;
    while (documents.hasNext() && windows.size() < most) {
      HeldDocument document = documents.next()._2;
      for (int i = 0; i < document.ids().length && windows.size() < most; i++) {
        bytes += cutter.isAtStart() ? 0 : document.bytes()[i];
        int[] ids = cutter.add(document.ids()[i]);
        if (ids != null) {
          windows.add(RowFactory.create(document.domain(), windows.size(), ids, bytes));
          bytes = 0;
        }
      }
    }
    return windows.iterator();
  }

  private void count(MeasuredDocuments measured) {
    domains.forEach(domain -> windows.put(domain, 0L));
    domains.forEach(domain -> bytes.put(domain, 0L));
    for (Row row :
        windows()
            .groupBy("domain")
            .agg(functions.count("window"), functions.sum("bytes"))
            .collectAsList()) {
      windows.put(row.getString(0), row.getLong(1));
      bytes.put(row.getString(0), row.getLong(2));
    }
    count = documents.count();
    measured.requireWindows(windows, LEAST, context);
  }

  /** Returns the windows, {@link #SCHEMA}. */
  public Dataset<Row> windows() {
    return spark.createDataFrame(rows, SCHEMA);
  }

  /** Returns the number of windows. */
  public long count() {
    return windows.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Returns the number of documents. */
  long documents() {
    return count;
  }

  /** Returns the bytes that the windows of each domain stand for. */
  SortedMap<String, Long> bytes() {
    return Collections.unmodifiableSortedMap(bytes);
  }

  /** Returns the contents of the documents. */
  Set<ContentHashes.Hash> contents() {
    return Set.copyOf(documents.map(HeldDocument::hash).distinct().collect());
  }

  /** Writes the windows as trials read them. */
  void write(Folder folder) {
    Map<String, Integer> numbers = new HashMap<>();
    Map<String, Boolean> complete = new HashMap<>();
    for (String domain : domains) {
      numbers.put(domain, numbers.size());
      complete.put(domain, true);
    }
    JavaPairRDD<PoolWriter.Place, int[]> sequences =
        rows.mapToPair(
            row -> {
              int window = row.getInt(1);
              int[] ids = (int[]) row.get(2);
              PoolWriter.Place place =
                  new PoolWriter.Place(numbers.get(row.getString(0)), window, 0, 0);
              return new Tuple2<>(
                  place, window == 0 ? ids : Arrays.copyOfRange(ids, 1, ids.length));
            });
    new PoolWriter(spark, folder, context).write(domains, sequences, windows, complete);
  }

  @Override
  public void close() {
    rows.unpersist();
    documents.unpersist();
  }
}
