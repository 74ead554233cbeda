package org.chameleon.training;

import ai.djl.engine.EngineException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.chameleon.cluster.TaskMetrics;
import org.chameleon.config.InvalidInputException;
import org.chameleon.model.ComputeDevice;
import org.chameleon.model.CudaFailure;
import org.chameleon.model.ModelProgram;
import org.chameleon.model.family.ModelShape;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains a model on one executor, from sequences in the order they come. It writes nothing.
 *
 * @param shape of the model
 * @param config how to train
 * @param compute what to run with
 * @param threads to compute with, 0: all of the machine
 */
public record TrainingTask(
    ModelShape shape, TrainingConfig config, ProxyTrainer.Compute compute, int threads)
    implements Serializable {

  private static final Logger LOG = LoggerFactory.getLogger(TrainingTask.class);
  private static final int LOG_EVERY = 50;

  /**
   * Trains for the configured number of steps.
   *
   * @param sequences token ids, each sequence a token longer than the model sees
   * @throws InvalidInputException if the loss stops being finite, or the sequences end early
   */
  public Trained train(ModelState start, Iterator<int[]> sequences) {
    return train(start, sequences, CausalTrainer::state, Trained::new);
  }

  /**
   * Trains for the configured number of steps, and looks at the model while it is on its device.
   *
   * @param sequences token ids, each sequence a token longer than the model sees
   * @param look what is wanted of the trained model
   * @param result what is returned of the log and of that
   * @throws InvalidInputException if the loss stops being finite, or the sequences end early
   */
  public <T, R> R train(
      ModelState start,
      Iterator<int[]> sequences,
      Function<CausalTrainer, T> look,
      BiFunction<TrainingLog, T, R> result) {
    ModelProgram.useThreads(threads > 0 ? threads : Runtime.getRuntime().availableProcessors());
    ComputeDevice chosen = ComputeDevice.ofTask(compute.device());
    String precision = config.precision().on(chosen).toString();
    CudaFailure.requireUsable(chosen);
    compute.metrics().computesOn(chosen.toString(), precision);
    String device = chosen + " " + precision;
    List<TrainingLog.Step> log = new ArrayList<>();
    Map<Integer, Long> unigrams = new HashMap<>();
    try (CausalTrainer trainer = new CausalTrainer(shape, start, config.precision(), chosen)) {
      for (int step = 1; step <= config.steps(); step++) {
        List<int[]> batch = batch(sequences, step);
        batch.forEach(ids -> count(ids, unigrams));
        log.add(step(trainer, batch, step));
      }
      long tokens = unigrams.values().stream().mapToLong(Long::longValue).sum();
      return result.apply(
          TrainingLog.of(shape, tokens, entropy(unigrams), device, log), look.apply(trainer));
    } catch (EngineException e) {
      throw CudaFailure.said(chosen, e);
    }
  }

  private TrainingLog.Step step(CausalTrainer trainer, List<int[]> batch, int step) {
    TaskMetrics.Work work = compute.metrics().start();
    CausalTrainer.Progress progress = trainer.step(batch, step, config);
    work.done(batch.size(), batch.stream().mapToLong(ids -> ids.length - 1).sum());
    requireFinite(progress, step);
    if (step % LOG_EVERY == 0 || step == config.steps()) {
      LOG.info(
          "train: step {} of {}, loss {}",
          step,
          config.steps(),
          String.format(Locale.ROOT, "%.3f", progress.loss()));
    }
    return new TrainingLog.Step(step, progress.loss(), config.rate(step), progress.gradientNorm());
  }

  private List<int[]> batch(Iterator<int[]> sequences, int step) {
    List<int[]> batch = new ArrayList<>();
    while (batch.size() < config.batch() && sequences.hasNext()) {
      batch.add(sequences.next());
    }
    if (batch.isEmpty()) {
      throw new InvalidInputException(
          "Cannot train: the sequences end before step %d of %d. Lower training.steps."
              .formatted(step, config.steps()));
    }
    return batch;
  }

  private static void count(int[] ids, Map<Integer, Long> unigrams) {
    for (int i = 1; i < ids.length; i++) {
      unigrams.merge(ids[i], 1L, Long::sum);
    }
  }

  private static void requireFinite(CausalTrainer.Progress progress, int step) {
    if (!Double.isFinite(progress.loss()) || !Double.isFinite(progress.gradientNorm())) {
      throw new DivergedException(step, progress.loss());
    }
  }

  /**
   * Returns the entropy of the targets' frequencies in nats: the loss of a model without context.
   */
  private static double entropy(Map<Integer, Long> unigrams) {
    double total = unigrams.values().stream().mapToDouble(Long::doubleValue).sum();
    return unigrams.values().stream()
        .sorted()
        .mapToDouble(n -> -n / total * Math.log(n / total))
        .sum();
  }
}
