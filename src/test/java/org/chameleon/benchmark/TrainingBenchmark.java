package org.chameleon.benchmark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.chameleon.model.ComputeDevice;
import org.chameleon.model.ModelProgram;
import org.chameleon.model.Precision;
import org.chameleon.model.family.Gpt2Family;
import org.chameleon.model.family.ModelShape;
import org.chameleon.training.CausalTrainer;
import org.chameleon.training.ModelState;
import org.chameleon.training.TrainingConfig;

/**
 * Tokens per second of training a GPT-2 of some size: {@code BATCH LENGTH LAYERS WIDTH VOCABULARY
 * STEPS THREADS PRECISION}.
 */
public final class TrainingBenchmark {
  private static final int LEFT_OUT = 2;
  private static final int HEAD = 64;

  private TrainingBenchmark() {}

  /** Prints the median in tokens per second. */
  public static void main(String[] arguments) {
    int[] sizes = Arrays.stream(arguments).limit(7).mapToInt(Integer::parseInt).toArray();
    int batch = sizes[0];
    int length = sizes[1];
    int steps = sizes[5];
    Precision precision = Precision.valueOf(arguments[7]);
    ModelProgram.useThreads(sizes[6]);
    ModelShape shape =
        new Gpt2Family()
            .shape(Gpt2Family.Sizes.usual(sizes[2], sizes[3], sizes[3] / HEAD, length, sizes[4]));
    TrainingConfig config =
        new TrainingConfig(steps, batch, 1e-3, 1, 0.1, 1, 0.9, 0.95, precision, 1);
    Random random = new Random(1);
    double[] seconds = new double[steps - LEFT_OUT];
    try (CausalTrainer trainer =
        new CausalTrainer(shape, ModelState.initial(shape, 1), precision, ComputeDevice.CPU)) {
      for (int step = 1; step <= steps; step++) {
        List<int[]> sequences = new ArrayList<>();
        for (int i = 0; i < batch; i++) {
          sequences.add(random.ints(length + 1L, 0, sizes[4]).toArray());
        }
        long start = System.nanoTime();
        trainer.step(sequences, step, config);
        if (step > LEFT_OUT) {
          seconds[step - LEFT_OUT - 1] = (System.nanoTime() - start) / 1e9;
        }
      }
    }
    Arrays.sort(seconds);
    System.out.printf("%.0f%n", (double) batch * length / seconds[seconds.length / 2]);
  }
}
