package org.chameleon.embedding;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sum;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.chameleon.sampling.Windows;

/**
 * How much there is to embed.
 *
 * @param windows number of them
 * @param tokens in all windows
 * @param longest tokens of the longest window; 0 where there is none
 */
public record WindowTotals(long windows, long tokens, int longest) {
  /** The totals of no window. */
  private static final WindowTotals NONE = new WindowTotals(0, 0, 0);

  /** The totals of each domain, by name. */
  public record ByDomain(Map<String, WindowTotals> domains) {
    /** Copies the map. */
    public ByDomain {
      domains = new TreeMap<>(domains);
    }

    /** Returns the totals of all domains but some. */
    public WindowTotals without(Set<String> some) {
      return domains.entrySet().stream()
          .filter(domain -> !some.contains(domain.getKey()))
          .map(Map.Entry::getValue)
          .reduce(NONE, WindowTotals::plus);
    }
  }

  /**
   * Counts windows, on executors.
   *
   * @param windows the columns of {@link Windows}
   */
  public static ByDomain ofDomains(Dataset<Row> windows) {
    Map<String, WindowTotals> domains = new TreeMap<>();
    windows
        .groupBy(col(Windows.DOMAIN))
        .agg(count(lit(1)), sum(size(col(Windows.IDS))), max(size(col(Windows.IDS))))
        .collectAsList()
        .forEach(
            row ->
                domains.put(
                    row.getString(0),
                    new WindowTotals(row.getLong(1), row.getLong(2), row.getInt(3))));
    return new ByDomain(domains);
  }

  private WindowTotals plus(WindowTotals other) {
    return new WindowTotals(
        windows + other.windows, tokens + other.tokens, Math.max(longest, other.longest));
  }
}
