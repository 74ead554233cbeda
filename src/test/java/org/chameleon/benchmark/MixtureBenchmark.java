package org.chameleon.benchmark;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.DecompositionSolver;
import org.apache.commons.math3.linear.RealVector;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.chameleon.config.ConfigReader;
import org.chameleon.embedding.DomainStates;
import org.chameleon.embedding.SparkParts;
import org.chameleon.mixture.Mixture;
import org.chameleon.mixture.MixtureConfig;

/**
 * How long the mixture of k domains takes, from the states of their embeddings on disk, and how far
 * its scores are from those of a plain sum and solution of another library.
 */
public final class MixtureBenchmark {
  private static final int CHECKED = 200;
  private static final int PARTS = 64;
  private static final int CLUSTERS = 50;

  private MixtureBenchmark() {}

  /**
   * Runs it.
   *
   * @param arguments k, d
   */
  public static void main(String[] arguments) throws IOException {
    int k = Integer.parseInt(arguments[0]);
    int width = Integer.parseInt(arguments[1]);
    Path folder = Files.createTempDirectory("mixture");
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .getOrCreate()) {
      String table = folder.resolve("states").toString();
      spark.createDataFrame(states(spark, k, width), DomainStates.SCHEMA).write().parquet(table);
      Dataset<Row> states = spark.read().schema(DomainStates.SCHEMA).parquet(table);
      long start = System.nanoTime();
      long domains = DomainStates.domains(states);
      Mixture mixture;
      try (SparkParts parts = SparkParts.of(states, domains)) {
        mixture = Mixture.ofMany(parts, Map.of(), config());
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf(
          Locale.ROOT,
          "k %,d, d %d: %.1f s; of %d scores none differs by more than %.2g; effective dimension %.3f%n",
          k,
          width,
          seconds,
          CHECKED,
          furthest(spark, k, width, mixture),
          mixture.effectiveDimension());
    } finally {
      FileUtil.fullyDelete(folder.toFile());
    }
  }

  private static MixtureConfig config() {
    Config defaults = ConfigFactory.parseResources("reference.conf").getConfig("chameleon");
    return ConfigReader.read(defaults.withOnlyPath("mixture"), "mixture", MixtureConfig.class);
  }

  /** Domains around some centres. */
  private static double[] embedding(int domain, int width) {
    Random centre = new Random(domain % CLUSTERS);
    Random own = new Random(1_000_003L * domain);
    double[] embedding = new double[width];
    for (int j = 0; j < width; j++) {
      embedding[j] =
          (float) (0.2 + centre.nextGaussian() / (1 + 0.05 * j) + 0.3 * own.nextGaussian());
    }
    return embedding;
  }

  private static String name(int domain) {
    return "domain-%07d".formatted(domain);
  }

  private static JavaRDD<Integer> numbers(SparkSession spark, int k) {
    List<Integer> parts = new ArrayList<>();
    for (int p = 0; p < PARTS; p++) {
      parts.add(p);
    }
    return new JavaSparkContext(spark.sparkContext())
        .parallelize(parts, PARTS)
        .flatMap(
            p -> {
              List<Integer> all = new ArrayList<>();
              for (int i = p; i < k; i += PARTS) {
                all.add(i);
              }
              return all.iterator();
            });
  }

  private static JavaRDD<Row> states(SparkSession spark, int k, int width) {
    return numbers(spark, k)
        .map(
            domain ->
                RowFactory.create(
                    name(domain),
                    0,
                    1L,
                    width,
                    embedding(domain, width),
                    new int[0],
                    new double[0]));
  }

  /** By a sum of outer products, and a solution for each domain that is checked. */
  private static double furthest(SparkSession spark, int k, int width, Mixture mixture) {
    double[] zero = new double[width];
    double[] centroid =
        numbers(spark, k)
            .mapPartitions(
                part -> {
                  double[] sum = new double[width];
                  part.forEachRemaining(i -> add(sum, embedding(i, width), zero, 1.0 / k));
                  return List.of(sum).iterator();
                })
            .collect()
            .stream()
            .reduce(new double[width], MixtureBenchmark::sum);
    double[] gramian =
        numbers(spark, k)
            .mapPartitions(
                part -> {
                  double[] sum = new double[width * width];
                  part.forEachRemaining(i -> addOuter(sum, embedding(i, width), centroid));
                  return List.of(sum).iterator();
                })
            .collect()
            .stream()
            .reduce(new double[width * width], MixtureBenchmark::sum);
    double[][] system = new double[width][width];
    for (int i = 0; i < width; i++) {
      System.arraycopy(gramian, i * width, system[i], 0, width);
      system[i][i] += mixture.effectiveLambda() * k;
    }
    DecompositionSolver solver =
        new CholeskyDecomposition(new Array2DRowRealMatrix(system, false), 1e-9, 0).getSolver();
    double furthest = 0;
    for (int c = 0; c < CHECKED; c++) {
      int domain = (int) ((long) c * k / CHECKED);
      double[] centred = new double[width];
      add(centred, embedding(domain, width), centroid, 1);
      RealVector vector = new ArrayRealVector(centred, false);
      double score = vector.dotProduct(solver.solve(vector));
      if (!mixture.domains().get(domain).name().equals(name(domain))) {
        throw new IllegalStateException("domains are not in the order of their names");
      }
      furthest = Math.max(furthest, Math.abs(score - mixture.domains().get(domain).rawScore()));
    }
    return furthest;
  }

  private static void add(double[] sum, double[] row, double[] less, double factor) {
    for (int j = 0; j < sum.length; j++) {
      sum[j] += factor * (row[j] - less[j]);
    }
  }

  private static void addOuter(double[] sum, double[] row, double[] less) {
    int width = row.length;
    for (int i = 0; i < width; i++) {
      double value = row[i] - less[i];
      for (int j = 0; j < width; j++) {
        sum[i * width + j] += value * (row[j] - less[j]);
      }
    }
  }

  private static double[] sum(double[] one, double[] other) {
    double[] sum = new double[one.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = one[i] + other[i];
    }
    return sum;
  }
}
