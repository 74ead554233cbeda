package org.chameleon.corpus;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * Work spread over tasks of about the same size, the largest first: enough of them that no core
 * waits long for the last, and so many that executors that come later find some.
 */
record EvenTasks(int cores) {
  /** Tasks for each core there is now. */
  private static final int TASKS_PER_CORE = 8;

  /** Bytes of a file for which a task of its own does not pay. */
  private static final double LEAST_BYTES = 1 << 20;

  /** Bytes that one task reads, where that makes more tasks. */
  private static final double MOST_BYTES = 64 << 20;

  private static final int MOST_TASKS = 100_000;

  static EvenTasks of(SparkSession spark) {
    return new EvenTasks(Math.max(1, spark.sparkContext().defaultParallelism()));
  }

  /** Returns how many bytes one task should read, of all that are read. */
  double bytesOfTask(double all) {
    double most = Math.max(MOST_BYTES, all / MOST_TASKS);
    return Math.min(most, Math.max(LEAST_BYTES, all / (TASKS_PER_CORE * cores)));
  }

  /** Spreads items, each of which is one task's. */
  <T> JavaRDD<T> spread(List<T> items, ToDoubleFunction<T> bytes, SparkSession spark) {
    List<List<T>> tasks = packed(items, bytes);
    return new JavaSparkContext(spark.sparkContext())
        .parallelize(tasks, Math.max(1, tasks.size()))
        .flatMap(List::iterator);
  }

  /** An item and what it weighs. */
  private record Weighed(int item, double bytes) {}

  /** A task, and what it has to read so far. */
  private record Load(int task, double bytes) {}

  /** Returns the items of each task, in their order; the task with most to do comes first. */
  <T> List<List<T>> packed(List<T> items, ToDoubleFunction<T> bytes) {
    List<Weighed> largestFirst =
        IntStream.range(0, items.size())
            .mapToObj(i -> new Weighed(i, bytes.applyAsDouble(items.get(i))))
            .sorted(Comparator.comparingDouble(Weighed::bytes).reversed())
            .toList();
    double all = largestFirst.stream().mapToDouble(Weighed::bytes).sum();
    int count = (int) Math.max(1, Math.min(items.size(), Math.ceil(all / bytesOfTask(all))));
    PriorityQueue<Load> loads =
        new PriorityQueue<>(Comparator.comparingDouble(Load::bytes).thenComparing(Load::task));
    List<List<Integer>> tasks = new ArrayList<>();
    for (int task = 0; task < count; task++) {
      loads.add(new Load(task, 0));
      tasks.add(new ArrayList<>());
    }
    for (Weighed item : largestFirst) {
      Load least = loads.remove();
      tasks.get(least.task()).add(item.item());
      loads.add(new Load(least.task(), least.bytes() + item.bytes()));
    }
    List<Load> heaviestFirst = new ArrayList<>(loads);
    heaviestFirst.sort(
        Comparator.comparingDouble(Load::bytes).reversed().thenComparing(Load::task));
    return heaviestFirst.stream()
        .map(load -> tasks.get(load.task()).stream().sorted().map(items::get).toList())
        .filter(task -> !task.isEmpty())
        .toList();
  }
}
