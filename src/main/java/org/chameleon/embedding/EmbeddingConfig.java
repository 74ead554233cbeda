package org.chameleon.embedding;

import java.util.List;
import java.util.Optional;
import org.chameleon.config.InvalidInputException;
import org.chameleon.config.Range;
import org.chameleon.model.ComputeDevice;
import org.chameleon.model.ModelShape;
import org.chameleon.model.Precision;

/**
 * How windows become embeddings.
 *
 * @param layer index of the hidden state that is averaged, 0 the embedding's output; unset: {@code
 *     (layers + 1) / 2}
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
    if (layer.isPresent() && !layer.get().matches("middle|\\d{1,4}")) {
      throw new IllegalArgumentException(
          "layer must be 'middle' or a number, is '" + layer.get() + "'");
    }
  }

  /** Returns what changes an embedding: not who computes how many of them at a time. */
  public List<Object> inputs() {
    return List.of(layer, precision, device, batchTokens);
  }

  /**
   * Returns the index of the hidden state to average.
   *
   * @throws InvalidInputException if the model has no such state
   */
  public int layerOf(ModelShape shape) {
    if (layer.isEmpty() || layer.get().equals("middle")) {
      return shape.middleLayer();
    }
    int index = Integer.parseInt(layer.get());
    if (index > shape.layers()) {
      throw new InvalidInputException(
          "Cannot read hidden state %d: the proxy has states 0 to %d. Lower embedding.layer."
              .formatted(index, shape.layers()));
    }
    return index;
  }
}
