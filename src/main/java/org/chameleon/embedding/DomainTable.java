package org.chameleon.embedding;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.chameleon.config.InvalidInputException;

/** The table {@code embedding/domains.parquet}: one row per domain. */
public final class DomainTable {
  /** The columns in their order: the mean has the width of the proxy. */
  public static final StructType SCHEMA =
      new StructType()
          .add("domain", DataTypes.StringType, false)
          .add("samples", DataTypes.LongType, false)
          .add("mean", DataTypes.createArrayType(DataTypes.DoubleType, false), false);

  private static final int DOMAINS_PER_PART = 1 << 15;

  private DomainTable() {}

  /**
   * Returns the rows of all domains, in the order of names. They are made on executors, and come a
   * part after the other.
   *
   * @param states the columns of {@link DomainStates}
   * @param domains number of them
   */
  public static Iterator<Row> rows(Dataset<Row> states, long domains) {
    int parts = (int) Math.max(1, domains / DOMAINS_PER_PART);
    return State.of(states)
        .mapValues(State::sums)
        .reduceByKey(DomainTable::merged, parts)
        .sortByKey(true, parts)
        .map(domain -> RowFactory.create(domain._1, domain._2.count(), domain._2.mean()))
        .toLocalIterator();
  }

  private static ExactSums merged(ExactSums one, ExactSums other) {
    one.merge(other);
    return one;
  }

  /**
   * Reads the table, here.
   *
   * @return the means, not the groups that they were made of
   * @throws InvalidInputException if it cannot be read
   */
  public static DomainEmbeddings read(String file, Configuration hadoop) {
    List<DomainEmbedding> domains = new ArrayList<>();
    try (ParquetReader<Group> rows =
        ParquetReader.builder(new GroupReadSupport(), new Path(file)).withConf(hadoop).build()) {
      for (Group row = rows.read(); row != null; row = rows.read()) {
        domains.add(domain(row));
      }
    } catch (IOException e) {
      throw new InvalidInputException(
          "Cannot read the embeddings of the domains %s: %s. Run again with --resume."
              .formatted(file, e.getMessage()),
          e);
    }
    domains.sort(Comparator.comparing(DomainEmbedding::domain));
    return new DomainEmbeddings(domains);
  }

  private static DomainEmbedding domain(Group row) {
    Group list = row.getGroup("mean", 0);
    double[] mean = new double[list.getFieldRepetitionCount(0)];
    Arrays.setAll(mean, i -> list.getGroup(0, i).getDouble(0, 0));
    return new DomainEmbedding(
        row.getString("domain", 0), row.getLong("samples", 0), mean, List.of());
  }
}
