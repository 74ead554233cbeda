package org.chameleon.embedding;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/** Embeddings on executors, kept there from one use to the next, beyond their memory on disk. */
public final class SparkParts implements EmbeddingParts, AutoCloseable {
  /** Domains of a part, at least. */
  private static final int FEWEST = 1024;

  /** Parts of very many domains hold more of them, as long as there are so many parts. */
  private static final int PARTS = 16;

  /**
   * Domains of a part of very many for each coordinate, so that the part's sum, of d x d numbers,
   * is small beside it.
   */
  private static final int DOMAINS_PER_COORDINATE = 16;

  /** Numbers of a sum that one task adds up. */
  private static final int CHUNK = 1 << 16;

  private final JavaRDD<DomainEmbedding> parts;
  private final int width;

  private SparkParts(JavaRDD<DomainEmbedding> parts, int width) {
    this.parts = parts;
    this.width = width;
  }

  /**
   * Makes the embeddings of states.
   *
   * @param states the columns of {@link DomainStates}, of one width
   * @param domains number of them
   */
  public static SparkParts of(Dataset<Row> states, long domains) {
    int width = states.select(DomainStates.WIDTH).first().getInt(0);
    long large = domains / Math.max(FEWEST, (long) DOMAINS_PER_COORDINATE * width);
    int count = (int) Math.max(large, Math.min(PARTS, domains / FEWEST));
    JavaPairRDD<String, Iterable<State>> grouped =
        State.of(states).groupByKey(new HashPartitioner(Math.max(1, count)));
    JavaRDD<DomainEmbedding> parts =
        grouped
            .mapPartitions(
                part -> {
                  List<DomainEmbedding> all = new ArrayList<>();
                  part.forEachRemaining(domain -> all.add(State.embedding(domain._1, domain._2)));
                  all.sort(Comparator.comparing(DomainEmbedding::domain));
                  return all.iterator();
                })
            .persist(StorageLevel.MEMORY_AND_DISK());
    return new SparkParts(parts, width);
  }

  @Override
  public <T> List<T> each(Work<T> work) {
    return parts.mapPartitions(part -> List.of(work.of(part)).iterator()).collect();
  }

  /** A slice of what one part adds to a sum. */
  @SuppressWarnings("ArrayRecordComponent") // handed on, compared nowhere
  private record Slice(int part, double[] values) implements Serializable {}

  @Override
  public double[] sum(Work<double[]> work) {
    List<Tuple2<Integer, double[]>> chunks =
        parts
            .mapPartitionsWithIndex((index, part) -> slices(index, work.of(part)), false)
            .mapToPair(slice -> slice)
            .groupByKey(parts.getNumPartitions())
            .mapValues(SparkParts::added)
            .collect();
    double[] sum = new double[chunks.stream().mapToInt(chunk -> chunk._2.length).sum()];
    chunks.forEach(c -> System.arraycopy(c._2, 0, sum, c._1 * CHUNK, c._2.length));
    return sum;
  }

  private static Iterator<Tuple2<Integer, Slice>> slices(int part, double[] values) {
    List<Tuple2<Integer, Slice>> slices = new ArrayList<>();
    for (int from = 0; from < values.length; from += CHUNK) {
      int to = Math.min(values.length, from + CHUNK);
      slices.add(new Tuple2<>(from / CHUNK, new Slice(part, Arrays.copyOfRange(values, from, to))));
    }
    return slices.iterator();
  }

  private static double[] added(Iterable<Slice> slices) {
    TreeMap<Integer, double[]> ordered = new TreeMap<>();
    slices.forEach(slice -> ordered.put(slice.part(), slice.values()));
    double[] sum = new double[ordered.firstEntry().getValue().length];
    for (double[] values : ordered.values()) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += values[i];
      }
    }
    return sum;
  }

  @Override
  public int width() {
    return width;
  }

  /** Lets executors forget the embeddings. */
  @Override
  public void close() {
    parts.unpersist(false);
  }
}
