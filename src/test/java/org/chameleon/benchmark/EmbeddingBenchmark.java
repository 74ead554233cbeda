package org.chameleon.benchmark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.RunConfig;
import org.chameleon.embedding.ProxyEncoder;
import org.chameleon.embedding.Reading;
import org.chameleon.model.Checkpoint;
import org.chameleon.model.Checkpoint.TokenizerNeed;
import org.chameleon.model.ComputeDevice;
import org.chameleon.model.ModelProgram;
import org.chameleon.model.Precision;

/**
 * Tokens per second of the encoder on one checkpoint: {@code CHECKPOINT BATCH REPEATS THREADS
 * [PRECISION]}.
 */
public final class EmbeddingBenchmark {
  private static final int LENGTH = 512;

  private EmbeddingBenchmark() {}

  /** Prints the median in tokens per second. */
  public static void main(String[] arguments) {
    Configuration hadoop = new Configuration();
    Checkpoint checkpoint = Checkpoint.open(arguments[0], TokenizerNeed.OPTIONAL, hadoop);
    ModelProgram.useThreads(Integer.parseInt(arguments[3]));
    ProxyEncoder encoder =
        ProxyEncoder.of(
            checkpoint,
            Reading.of(checkpoint, RunConfig.defaultEmbedding()),
            arguments.length > 4
                ? Precision.valueOf(arguments[4].toUpperCase(Locale.ROOT))
                : Precision.AUTO,
            ComputeDevice.CPU,
            hadoop);
    int batch = Integer.parseInt(arguments[1]);
    Random random = new Random(1);
    List<int[]> windows = new ArrayList<>();
    for (int i = 0; i < batch; i++) {
      windows.add(random.ints(LENGTH, 0, checkpoint.shape().vocabulary()).toArray());
    }
    double[] seconds = new double[Integer.parseInt(arguments[2])];
    encoder.embed(windows);
    for (int i = 0; i < seconds.length; i++) {
      long start = System.nanoTime();
      encoder.embed(windows);
      seconds[i] = (System.nanoTime() - start) / 1e9;
    }
    Arrays.sort(seconds);
    System.out.printf("%.0f %s%n", batch * LENGTH / seconds[seconds.length / 2], encoder.format());
  }
}
