package org.chameleon.cluster;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import scala.Tuple4;
import scala.collection.Iterator;

/**
 * What tasks that still run have counted so far. Spark adds an accumulator up when a task has
 * ended; on the way it is told with the executors' heartbeats, every ten seconds.
 */
final class RunningTasks extends SparkListener {
  private final Map<Long, Map<Long, Long>> byTask = new ConcurrentHashMap<>();

  /** Their last heartbeat may come after their end. */
  private final Set<Long> ended = ConcurrentHashMap.newKeySet();

  /** Returns what running tasks have added to an accumulator. */
  long sum(long accumulator) {
    return byTask.values().stream().mapToLong(c -> c.getOrDefault(accumulator, 0L)).sum();
  }

  @Override
  public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
    Iterator<?> tasks = update.accumUpdates().iterator();
    while (tasks.hasNext()) {
      Tuple4<?, ?, ?, ?> task = (Tuple4<?, ?, ?, ?>) tasks.next();
      Map<Long, Long> counts = new ConcurrentHashMap<>();
      Iterator<?> accumulators = ((scala.collection.Seq<?>) task._4()).iterator();
      while (accumulators.hasNext()) {
        AccumulableInfo info = (AccumulableInfo) accumulators.next();
        if (info.update().isDefined() && info.update().get() instanceof Long count) {
          counts.put(info.id(), count);
        }
      }
      Long id = (Long) task._1();
      if (!ended.contains(id)) {
        byTask.put(id, counts);
      }
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    ended.add(end.taskInfo().taskId());
    byTask.remove(end.taskInfo().taskId());
  }
}
