package org.chameleon.embedding;

import java.util.List;
import java.util.Optional;
import org.chameleon.config.Range;
import org.chameleon.model.ComputeDevice;
import org.chameleon.model.Pooling;
import org.chameleon.model.Precision;

/**
 * How windows become embeddings.
 *
 * @param layer hidden state that is read: {@code middle}, {@code last}, its index (0: the
 *     embedding's output), or a fraction of the layers
 * @param pooling how the states of a window become one embedding
 * @param normalize whether each embedding is divided by its norm
 * @param specialTokens whether windows stand between the tokenizer's special tokens
 * @param precision number format of the matrix products
 * @param device {@code auto}, {@code cpu}, {@code gpu} or {@code gpu:N}, for tasks that Spark gave
 *     no GPU
 * @param gpusPerTask GPUs that a task asks Spark for where Spark has some; a fraction where several
 *     tasks share one
 * @param partitions number of tasks, 0: by size
 * @param batchTokens tokens that go through the model at once, padding included
 * @param from Parquet with columns {@code domain, embedding} made elsewhere, instead of a proxy
 */
public record EmbeddingConfig(
    Optional<String> layer,
    Optional<Pooling> pooling,
    Optional<Boolean> normalize,
    Optional<Boolean> specialTokens,
    Precision precision,
    String device,
    @Range(min = 0.01, max = 1) double gpusPerTask,
    @Range(min = 0, max = 1_000_000) int partitions,
    @Range(min = 1, max = 10_000_000) int batchTokens,
    Optional<String> from) {

  /** Refuses a device or layer without meaning. */
  public EmbeddingConfig {
    if (!ComputeDevice.isName(device)) {
      throw new IllegalArgumentException(
          "device must be auto, cpu, gpu or gpu:N, is '" + device + "'");
    }
    if (gpusPerTask > 0.5 && gpusPerTask < 1) {
      throw new IllegalArgumentException(
          "gpus-per-task must be 1, or at most 0.5 so that two tasks fit on a GPU, is "
              + gpusPerTask);
    }
    if (layer.isPresent() && !layer.get().matches("middle|last|\\d{1,4}|0?\\.\\d+|1\\.0*")) {
      throw new IllegalArgumentException(
          "layer must be 'middle', 'last', a number of layers, or a fraction of them such as 0.5, is '"
              + layer.get()
              + "'");
    }
  }

  /** Returns what changes an embedding: not who computes how many of them at a time. */
  public List<Object> inputs() {
    return List.of(layer, pooling, normalize, specialTokens, precision, device, batchTokens);
  }
}
