package org.chameleon.sequences;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;
import org.chameleon.storage.FileRecord;
import org.chameleon.storage.Folder;
import org.chameleon.storage.HashedFile;
import org.chameleon.storage.Json;
import org.chameleon.storage.PartWriter;
import scala.Tuple2;

/**
 * Writes folders of sequences on executors, a task for each domain: its documents one behind the
 * other in their order, cut into sequences of one length, each of which begins with the last id of
 * the one before, so that every id but the first is predicted once.
 */
public final class PoolWriter {
  private final SparkSession spark;
  private final Folder folder;
  private final int context;

  /**
   * Creates a writer.
   *
   * @param folder that is made
   * @param context ids of a sequence that are predicted
   */
  public PoolWriter(SparkSession spark, Folder folder, int context) {
    this.spark = spark;
    this.folder = folder;
    this.context = context;
  }

  /**
   * The place of a piece of a document.
   *
   * @param domain number of its domain
   * @param order first what is lowest
   * @param ordinal number of the document, where the order is the same
   * @param start its first token in the document
   */
  public record Place(int domain, long order, long ordinal, int start)
      implements Serializable, Comparable<Place> {
    private static final Comparator<Place> ORDER =
        Comparator.comparingInt(Place::domain)
            .thenComparingLong(Place::order)
            .thenComparingLong(Place::ordinal)
            .thenComparingInt(Place::start);

    @Override
    public int compareTo(Place other) {
      return ORDER.compare(this, other);
    }
  }

  /** A domain's file. */
  private record Written(FileRecord file, int domain, long sequences) implements PartWriter.Part {
    @Override
    public List<FileRecord> files() {
      return List.of(file);
    }
  }

  /** Each domain in a partition of its own. */
  public static final class ByDomain extends Partitioner {
    private static final long serialVersionUID = 1L;
    private final int domains;

    ByDomain(int domains) {
      this.domains = domains;
    }

    @Override
    public int numPartitions() {
      return domains;
    }

    @Override
    public int getPartition(Object key) {
      return ((Place) key).domain();
    }
  }

  /**
   * Writes the files, and {@code pool.json} behind them.
   *
   * @param domains their names, in the order of their numbers
   * @param documents ids by their places
   * @param wanted most sequences of each domain
   * @param complete domains of which these are all documents
   */
  public PoolIndex write(
      List<String> domains,
      JavaPairRDD<Place, int[]> documents,
      Map<String, Long> wanted,
      Map<String, Boolean> complete) {
    long[] most = domains.stream().mapToLong(wanted::get).toArray();
    int predicted = context;
    JavaRDD<Tuple2<Place, int[]>> ordered =
        documents
            .repartitionAndSortWithinPartitions(new ByDomain(domains.size()))
            .map(document -> document);
    List<Written> files =
        new PartWriter(spark, folder.uri(""))
            .write(
                ordered,
                (index, rows, into, hadoop) ->
                    write(index, rows, most[index], predicted, into, hadoop));
    SortedMap<Integer, Written> byDomain =
        files.stream()
            .collect(Collectors.toMap(Written::domain, w -> w, (a, b) -> a, TreeMap::new));
    List<PoolIndex.Domain> found = new ArrayList<>();
    for (int i = 0; i < domains.size(); i++) {
      Written file = byDomain.get(i);
      long sequences = file == null ? 0 : file.sequences();
      String name = domains.get(i);
      found.add(
          new PoolIndex.Domain(
              name,
              sequences == 0 ? "" : file.file().path(),
              sequences,
              complete.get(name) && sequences < wanted.get(name)));
    }
    PoolIndex pool = new PoolIndex(context, found);
    folder.write(PoolIndex.FILE, Json.text(pool));
    return pool;
  }

  private static Written write(
      int domain,
      Iterator<Tuple2<Place, int[]>> documents,
      long most,
      int context,
      Path into,
      Configuration hadoop)
      throws IOException {
    HashedFile file = HashedFile.create(new Path(into, "%05d.ids".formatted(domain)), hadoop);
    long sequences = 0;
    try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(file, 1 << 16))) {
      SequenceCutter cutter = new SequenceCutter(context);
      while (sequences < most && documents.hasNext()) {
        int[] ids = documents.next()._2;
        for (int i = 0; i < ids.length && sequences < most; i++) {
          int[] sequence = cutter.add(ids[i]);
          if (sequence != null) {
            for (int id : sequence) {
              out.writeInt(id);
            }
            sequences++;
          }
        }
      }
    }
    return new Written(file.record(null), domain, sequences);
  }
}
