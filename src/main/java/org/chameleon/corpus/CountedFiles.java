package org.chameleon.corpus;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.chameleon.cluster.TaskMetrics;
import org.chameleon.storage.HadoopSettings;

/** The rows of files by domain, counted on executors; each file once. */
final class CountedFiles {
  private static final double OPENING_BYTES = 2 << 20;
  private static final double PARQUET_READ = 0.02;

  private final SparkSession spark;
  private final Columns columns;
  private final Map<CorpusFile, List<CorpusSplit>> splits = new HashMap<>();

  CountedFiles(SparkSession spark, Columns columns) {
    this.spark = spark;
    this.columns = columns;
  }

  /** Returns the splits of files, in the order of paths and rows. */
  synchronized List<CorpusSplit> count(Collection<CorpusFile> files, TaskMetrics metrics) {
    List<CorpusFile> missing = files.stream().filter(file -> !splits.containsKey(file)).toList();
    if (!missing.isEmpty()) {
      missing.forEach(file -> splits.put(file, new ArrayList<>()));
      try {
        counted(missing, metrics).forEach(split -> splits.get(split.file()).add(split));
      } catch (Throwable failure) {
        splits.keySet().removeAll(missing);
        throw failure;
      }
    }
    return files.stream()
        .flatMap(file -> splits.get(file).stream())
        .sorted(
            Comparator.comparing((CorpusSplit s) -> s.file().path())
                .thenComparingLong(CorpusSplit::firstRow))
        .toList();
  }

  /** Returns the splits of a file that was counted. */
  synchronized List<CorpusSplit> splits(CorpusFile file) {
    return splits.get(file);
  }

  /**
   * What counting a file costs, in bytes that are read: most of it to open it, if it is Parquet.
   */
  private static double cost(CorpusFile file) {
    double part = file.format() == FileFormat.PARQUET ? PARQUET_READ : 1;
    return OPENING_BYTES + part * file.bytes();
  }

  private List<CorpusSplit> counted(List<CorpusFile> files, TaskMetrics metrics) {
    Columns read = columns;
    Broadcast<SerializableConfiguration> hadoop = HadoopSettings.broadcast(spark);
    JavaSparkContext context = new JavaSparkContext(spark.sparkContext());
    context.setJobDescription("corpus: count rows by domain");
    try {
      return EvenTasks.of(spark)
          .spread(files, CountedFiles::cost, spark)
          .flatMap(
              file -> {
                TaskMetrics.Work work = metrics.start();
                try (RowReader reader =
                    file.open(read, ReadPattern.SPARSE, hadoop.value().value())) {
                  List<CorpusSplit> splitsOfFile = new ArrayList<>();
                  reader.splits().forEach(splitsOfFile::add);
                  return splitsOfFile.iterator();
                } finally {
                  work.done(0, 0);
                }
              })
          .collect();
    } finally {
      context.setJobDescription(null);
    }
  }
}
