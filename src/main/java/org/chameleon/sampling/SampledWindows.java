package org.chameleon.sampling;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The windows drawn from a corpus, and what the documents read on the way tell of its size. They
 * lie in the executors' memory and disks until this is closed.
 *
 * @param windows the columns of {@link Windows}
 * @param domains ordered by name
 * @param kept what executors keep for it
 */
public record SampledWindows(
    Dataset<Row> windows, List<DomainSize> domains, List<? extends JavaRDD<?>> kept)
    implements AutoCloseable {
  /** Copies the lists. */
  public SampledWindows {
    domains = List.copyOf(domains);
    kept = List.copyOf(kept);
  }

  /** Returns the number of windows. */
  public long count() {
    return domains.stream().mapToLong(DomainSize::windows).sum();
  }

  /** Has executors drop the windows. */
  @Override
  public void close() {
    kept.forEach(JavaRDD::unpersist);
  }
}
