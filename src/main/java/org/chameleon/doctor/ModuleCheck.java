package org.chameleon.doctor;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.chameleon.cluster.StageGpus;
import org.chameleon.config.InvalidInputException;
import org.chameleon.embedding.EmbeddingConfig;
import org.chameleon.embedding.ProxyEncoder;
import org.chameleon.embedding.Reading;
import org.chameleon.model.Checkpoint;
import org.chameleon.model.ComputeDevice;
import org.chameleon.model.Precision;
import org.chameleon.storage.HadoopSettings;

/**
 * Tries, before work is spent, a TorchScript module of which nothing is known but its file: that it
 * takes windows of the length asked for and any token id, that its states are finite, and that what
 * it makes of a window does not depend on how far it is padded.
 */
public final class ModuleCheck {
  /** How far padding may move an embedding, over its largest value: rounding of half precision. */
  private static final double HEEDED = 0.02;

  private static final int SHORT = 3;

  private ModuleCheck() {}

  /**
   * Sends a task to an executor that embeds windows.
   *
   * @throws InvalidInputException if the module cannot be used
   */
  public static void require(
      SparkSession spark, Checkpoint module, EmbeddingConfig config, int windowTokens) {
    Reading reading = Reading.of(module, config);
    Broadcast<SerializableConfiguration> hadoop = HadoopSettings.broadcast(spark);
    String device = config.device();
    Precision precision = config.precision();
    JavaRDD<String> tries =
        new JavaSparkContext(spark.sparkContext())
            .parallelize(List.of(0), 1)
            .map(
                task -> {
                  try (ProxyEncoder encoder =
                      ProxyEncoder.of(
                          module,
                          reading,
                          precision,
                          ComputeDevice.ofTask(device),
                          hadoop.value().value())) {
                    return problem(encoder, module, windowTokens);
                  } catch (InvalidInputException e) {
                    return e.getMessage();
                  }
                });
    String problem =
        new StageGpus(spark.sparkContext(), device, config.gpusPerTask()).given(tries).first();
    if (!problem.isEmpty()) {
      throw new InvalidInputException(problem);
    }
  }

  private static String problem(ProxyEncoder encoder, Checkpoint module, int windowTokens) {
    int ids = module.shape().vocabulary();
    int[] full = new int[windowTokens];
    Arrays.fill(full, ids == Integer.MAX_VALUE ? 0 : ids - 1);
    int[] brief = IntStream.range(0, Math.min(SHORT, windowTokens)).map(i -> i % ids).toArray();
    float[] alone = encoder.embed(List.of(brief))[0];
    float[] padded = encoder.embed(List.of(full, brief))[1];
    double size = 0;
    double difference = 0;
    for (int i = 0; i < alone.length; i++) {
      if (!Float.isFinite(alone[i]) || !Float.isFinite(padded[i])) {
        return "Cannot embed with the module in %s: its states are not finite. Correct the module."
            .formatted(module.uri());
      }
      size = Math.max(size, Math.abs(alone[i]));
      difference = Math.max(difference, Math.abs(alone[i] - padded[i]));
    }
    return difference <= HEEDED * size
        ? ""
        : ("Cannot embed with the module in %s: padding moves what it makes of a window by %.2g, of"
                + " values up to %.2g. Let its forward(ids, mask) heed the mask: 1 is a token, 0 is"
                + " padding.")
            .formatted(module.uri(), difference, size);
  }
}
