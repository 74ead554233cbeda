package org.chameleon.sampling;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * The first windows of each domain in its random order, no two with the same tokens. They are
 * chosen without their tokens, which stay where they were cut and are taken from there.
 */
final class FirstWindows {
  private static final int MOST_PARTITIONS = 1000;

  private final SparkSession spark;
  private final JavaRDD<WindowCutter.Cut> cuts;
  private final JavaPairRDD<String, Candidates> chosen;

  /**
   * Chooses.
   *
   * @param cuts what each split contributes; kept by executors
   * @param wanted most windows of each domain
   */
  FirstWindows(SparkSession spark, JavaRDD<WindowCutter.Cut> cuts, Map<String, Integer> wanted) {
    this.spark = spark;
    this.cuts = cuts;
    Map<String, Integer> most = new HashMap<>(wanted);
    int wide = Math.max(cuts.getNumPartitions(), spark.sparkContext().defaultParallelism());
    int partitions = Math.max(1, Math.min(Math.min(wide, wanted.size()), MOST_PARTITIONS));
    this.chosen =
        JavaPairRDD.fromJavaRDD(
                cuts.mapPartitionsWithIndex((part, those) -> candidates(part, those, most), true))
            .reduceByKey(Candidates::merge, partitions)
            .persist(StorageLevel.MEMORY_AND_DISK());
  }

  private static Iterator<Tuple2<String, Candidates>> candidates(
      int part, Iterator<WindowCutter.Cut> cuts, Map<String, Integer> wanted) {
    return numbered(
        cuts,
        (number, cut) -> {
          int most = wanted.get(cut.domain());
          return Stream.of(new Tuple2<>(cut.domain(), Candidates.of(cut, most, part, number)));
        });
  }

  /** Returns what is made of each cut of a partition and its number there. */
  private static <T> Iterator<T> numbered(
      Iterator<WindowCutter.Cut> cuts, BiFunction<Integer, WindowCutter.Cut, Stream<T>> made) {
    int[] number = {0};
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(cuts, Spliterator.ORDERED), false)
        .flatMap(cut -> made.apply(number[0]++, cut))
        .iterator();
  }

  /** Returns what was found of each domain that has documents. */
  Map<String, Candidates.Found> found() {
    return new HashMap<>(chosen.mapValues(Candidates::found).collectAsMap());
  }

  /** Makes executors forget what was chosen. */
  void forget() {
    chosen.unpersist();
  }

  /**
   * The windows that were chosen of a cut.
   *
   * @param cut its number in its partition
   * @param indexes their numbers in the cut
   * @param windows their numbers in the domain
   */
  @SuppressWarnings("ArrayRecordComponent") // compared nowhere
  private record Chosen(int cut, int[] indexes, int[] windows) implements Serializable {}

  /** Where a cut is. */
  private record CutPlace(int part, int cut) {}

  /** Returns the windows of some domains, with the columns of {@link Windows}. */
  Dataset<Row> windows(Set<String> domains) {
    Set<String> wanted = new HashSet<>(domains);
    JavaRDD<Chosen> byCut =
        chosen
            .filter(domain -> wanted.contains(domain._1))
            .flatMapToPair(domain -> byCut(domain._2.chosen()).iterator())
            .partitionBy(new HashPartitioner(cuts.getNumPartitions()))
            .values();
    return spark.createDataFrame(cuts.zipPartitions(byCut, FirstWindows::windows), Windows.SCHEMA);
  }

  private static List<Tuple2<Integer, Chosen>> byCut(List<Candidates.Candidate> chosen) {
    Map<CutPlace, List<Integer>> numbers = new HashMap<>();
    for (int i = 0; i < chosen.size(); i++) {
      CutPlace place = new CutPlace(chosen.get(i).part(), chosen.get(i).cut());
      numbers.computeIfAbsent(place, c -> new ArrayList<>()).add(i);
    }
    List<Tuple2<Integer, Chosen>> result = new ArrayList<>();
    numbers.forEach(
        (place, windows) -> {
          int[] indexes = windows.stream().mapToInt(w -> chosen.get(w).index()).toArray();
          int[] inDomain = windows.stream().mapToInt(Integer::intValue).toArray();
          result.add(new Tuple2<>(place.part(), new Chosen(place.cut(), indexes, inDomain)));
        });
    return result;
  }

  private static Iterator<Row> windows(
      Iterator<WindowCutter.Cut> cuts, Iterator<Chosen> chosenHere) {
    Map<Integer, Chosen> byCut = new HashMap<>();
    chosenHere.forEachRemaining(chosen -> byCut.put(chosen.cut(), chosen));
    return numbered(
        cuts,
        (number, cut) -> {
          Chosen chosen = byCut.get(number);
          int count = chosen == null ? 0 : chosen.indexes().length;
          return IntStream.range(0, count)
              .mapToObj(i -> row(cut, chosen.indexes()[i], chosen.windows()[i]));
        });
  }

  private static Row row(WindowCutter.Cut cut, int index, int number) {
    CutWindow window = cut.windows().get(index);
    CutWindow.Start start = window.start();
    return RowFactory.create(
        cut.domain(), number, window.ids(), start.file(), start.row(), start.offset());
  }
}
