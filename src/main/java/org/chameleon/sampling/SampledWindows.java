package org.chameleon.sampling;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The windows drawn from a corpus, and what the documents read on the way tell of its size.
 *
 * @param windows the columns of {@link Windows}
 * @param domains ordered by name
 */
public record SampledWindows(Dataset<Row> windows, List<DomainSize> domains) {
  /** Copies the list. */
  public SampledWindows {
    domains = List.copyOf(domains);
  }
}
