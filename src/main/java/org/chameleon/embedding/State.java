package org.chameleon.embedding;

import java.io.Serializable;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/**
 * One row of {@link DomainStates}.
 *
 * @param group its number
 * @param sums of its embeddings
 */
record State(int group, ExactSums sums) implements Serializable {
  /** Returns the states of a table by domain. */
  static JavaPairRDD<String, State> of(Dataset<Row> states) {
    return states
        .select(
            DomainStates.DOMAIN,
            DomainStates.GROUP,
            DomainStates.SAMPLES,
            DomainStates.WIDTH,
            DomainStates.SUMS)
        .toJavaRDD()
        .mapToPair(
            row -> {
              List<Double> terms = row.getList(4);
              double[] sums = new double[terms.size()];
              for (int i = 0; i < sums.length; i++) {
                sums[i] = terms.get(i);
              }
              ExactSums of = ExactSums.of(row.getLong(2), row.getInt(3), sums);
              return new Tuple2<>(row.getString(0), new State(row.getInt(1), of));
            });
  }

  /** Returns the embedding of a domain; its groups where they show a spread. */
  static DomainEmbedding embedding(String domain, Iterable<State> states) {
    TreeMap<Integer, ExactSums> groups = new TreeMap<>();
    states.forEach(state -> groups.put(state.group(), state.sums()));
    if (groups.size() == 1) {
      ExactSums all = groups.firstEntry().getValue();
      double[] mean = all.mean();
      return new DomainEmbedding(
          domain, all.count(), mean, List.of(new DomainEmbedding.Group(all.count(), mean)));
    }
    ExactSums all = new ExactSums();
    groups.values().forEach(all::merge);
    List<DomainEmbedding.Group> means =
        groups.values().stream()
            .map(sums -> new DomainEmbedding.Group(sums.count(), sums.mean()))
            .toList();
    return new DomainEmbedding(domain, all.count(), all.mean(), means);
  }
}
