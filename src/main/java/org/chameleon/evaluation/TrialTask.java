package org.chameleon.evaluation;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.chameleon.model.Checkpoint;
import org.chameleon.model.Safetensors;
import org.chameleon.model.family.ModelShape;
import org.chameleon.sampling.Draws;
import org.chameleon.sequences.MixtureSequences;
import org.chameleon.sequences.PoolReader;
import org.chameleon.storage.HashedFile;
import org.chameleon.training.CausalTrainer;
import org.chameleon.training.DivergedException;
import org.chameleon.training.ModelState;
import org.chameleon.training.ProxyTrainer;
import org.chameleon.training.TrainingConfig;
import org.chameleon.training.TrainingLog;
import org.chameleon.training.TrainingTask;

/**
 * Trains a small model under a mixture and measures it on the held-out windows: what one task does.
 *
 * @param shape of the model
 * @param training how to train, but for the number of steps
 * @param compute what to run with; its seed is the run's
 * @param threads to compute with
 * @param sizes how long to train
 * @param data where the sequences and windows are
 * @param from checkpoint to start from, null: random weights
 * @param models folder for the trained models, null where they are not kept
 */
record TrialTask(
    ModelShape shape,
    TrainingConfig training,
    ProxyTrainer.Compute compute,
    int threads,
    TrialSizes sizes,
    Data data,
    String from,
    String models)
    implements Serializable {
  private static final int MEASURED_AT_ONCE = 16;

  /**
   * What trials read.
   *
   * @param pool folder of the training sequences
   * @param heldOut windows to measure every domain on
   * @param target windows of the target, null where there is none
   */
  record Data(String pool, Windows heldOut, Windows target) implements Serializable {}

  /**
   * Windows to measure on.
   *
   * @param folder where they are
   * @param bytes UTF-8 bytes that the windows of each domain stand for
   */
  record Windows(String folder, SortedMap<String, Long> bytes) implements Serializable {}

  /**
   * What a model loses: on every domain, and on the target, if there is one.
   *
   * @param model hash of its weights, null where they are not kept
   */
  private record Losses(List<DomainLoss> domains, DomainLoss target, String model) {}

  /** Returns the same for trials of another length. */
  TrialTask over(TrialSizes newSizes) {
    return new TrialTask(shape, training, compute, threads, newSizes, data, from, models);
  }

  /** Returns how a trial ended; one whose loss is not finite any more has failed. */
  TrialResult run(Trial trial, SortedMap<String, Double> weights, Configuration hadoop) {
    long start = System.nanoTime();
    TrainingConfig config = training.over(sizes.steps(trial.horizon()), trial.learningRate());
    try (PoolReader pool = PoolReader.open(data.pool(), hadoop)) {
      MixtureSequences sequences = sizes.sequences(pool, weights, trial, compute.seed());
      return new TrainingTask(shape, config, compute, threads)
          .train(
              start(trial, hadoop),
              sequences,
              model -> measured(trial, model, hadoop),
              (log, losses) -> result(trial, log, sizes.tokens(sequences.drawn()), losses, start));
    } catch (DivergedException e) {
      return new TrialResult(
          trial.mixture(),
          trial.seed(),
          trial.horizon(),
          trial.learningRate(),
          0,
          0,
          secondsSince(start),
          new TreeMap<>(),
          List.of(),
          null,
          null,
          e.getMessage());
    }
  }

  private ModelState start(Trial trial, Configuration hadoop) {
    if (from != null) {
      return ModelState.read(
          Checkpoint.open(from, Checkpoint.TokenizerNeed.OPTIONAL, hadoop), hadoop);
    }
    return ModelState.initial(
        shape, Draws.seed(compute.seed(), "initial weights", String.valueOf(trial.seed())));
  }

  private Losses measured(Trial trial, CausalTrainer model, Configuration hadoop) {
    String kept = models == null ? null : keep(trial, model, hadoop);
    return new Losses(
        measured(data.heldOut(), model, hadoop),
        data.target() == null ? null : measured(data.target(), model, hadoop).get(0),
        kept);
  }

  private List<DomainLoss> measured(Windows on, CausalTrainer model, Configuration hadoop) {
    List<DomainLoss> losses = new ArrayList<>();
    try (PoolReader windows = PoolReader.open(on.folder(), hadoop)) {
      for (Map.Entry<String, Long> domain : on.bytes().entrySet()) {
        losses.add(measured(domain.getKey(), domain.getValue(), windows, model));
      }
    }
    return losses;
  }

  private DomainLoss measured(String domain, long bytes, PoolReader windows, CausalTrainer model) {
    long count = windows.sequences(domain);
    double nats = 0;
    for (long first = 0; first < count; first += MEASURED_AT_ONCE) {
      List<int[]> batch = new ArrayList<>();
      for (long i = first; i < Math.min(count, first + MEASURED_AT_ONCE); i++) {
        batch.add(windows.sequence(domain, i));
      }
      nats += model.loss(batch) * batch.size() * sizes.context();
    }
    return DomainLoss.of(domain, count, count * sizes.context(), bytes, nats);
  }

  /** Returns the hash of the weights. Another attempt of the same task writes its own file. */
  private String keep(Trial trial, CausalTrainer model, Configuration hadoop) {
    try {
      return HashedFile.named(
          new Path(models, trial.name()),
          TrialTask::weights,
          out -> Safetensors.write(model.state().saved(shape), out),
          hadoop);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns how weights of a hash are called until all trials have ended. */
  static String weights(String hash) {
    return hash + ".safetensors";
  }

  private static TrialResult result(
      Trial trial, TrainingLog log, SortedMap<String, Long> drawn, Losses losses, long start) {
    return new TrialResult(
        trial.mixture(),
        trial.seed(),
        trial.horizon(),
        trial.learningRate(),
        log.tokens(),
        log.flops(),
        secondsSince(start),
        drawn,
        losses.domains(),
        losses.target(),
        losses.model(),
        null);
  }

  private static double secondsSince(long start) {
    return Math.round((System.nanoTime() - start) / 1e8) / 10.0;
  }
}
