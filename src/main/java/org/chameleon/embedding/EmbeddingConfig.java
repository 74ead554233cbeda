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
 * @param layers more hidden states, each as {@code layer}: what weights they would give is part of
 *     the mixture's sensitivity
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
    List<String> layers,
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
    layers = List.copyOf(layers);
    layer.ifPresent(name -> requireLayer("layer", name));
    layers.forEach(name -> requireLayer("layers", name));
    if (!layers.isEmpty() && from.isPresent()) {
      throw new IllegalArgumentException(
          "layers are read of a proxy, and with from there is none; remove one of them");
    }
  }

  private static void requireLayer(String key, String name) {
    if (!name.matches("middle|last|\\d{1,4}|0?\\.\\d+|1\\.0*")) {
      throw new IllegalArgumentException(
          "%s must be 'middle', 'last', a number of layers, or a fraction of them such as 0.5, is '%s'"
              .formatted(key, name));
    }
  }

  /** Returns what changes an embedding: not who computes how many of them at a time. */
  public List<Object> inputs() {
    return List.of(
        layer, layers, pooling, normalize, specialTokens, precision, device, batchTokens);
  }
}
