package org.chameleon.sampling;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The windows drawn from a corpus, and what the documents read on the way tell of its size. They
 * lie in the executors' memory and disks until this is closed.
 *
 * @param windows the columns of {@link Windows}
 * @param domains ordered by name
 * @param release makes executors drop what they keep for it
 */
public record SampledWindows(Dataset<Row> windows, List<DomainSize> domains, List<Runnable> release)
    implements AutoCloseable {
  /** Copies the lists. */
  public SampledWindows {
    domains = List.copyOf(domains);
    release = List.copyOf(release);
  }

  /** Returns the number of windows. */
  public long count() {
    return domains.stream().mapToLong(DomainSize::windows).sum();
  }

  /** Has executors drop the windows. */
  @Override
  public void close() {
    release.forEach(Runnable::run);
  }
}
