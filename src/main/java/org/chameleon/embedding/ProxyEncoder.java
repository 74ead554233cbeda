package org.chameleon.embedding;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.config.InvalidInputException;
import org.chameleon.model.Checkpoint;
import org.chameleon.model.ComputeDevice;
import org.chameleon.model.CudaFailure;
import org.chameleon.model.ModelProgram;
import org.chameleon.model.Precision;
import org.chameleon.model.StoredTensor;
import org.chameleon.model.TorchModule;
import org.chameleon.model.family.ModelShape;
import org.chameleon.model.family.ModelWeight;

/**
 * What is read of a proxy, on one device: token ids in, embeddings out. It is opened once per JVM
 * and device and shared by the tasks that run there; each closes what it was given. It stays open
 * for the next, until a device is asked for another.
 */
public final class ProxyEncoder implements AutoCloseable {
  /** Tokens that a processor computes at once: what comes between stays in its cache. */
  private static final int TOKENS_IN_CACHE = 2048;

  private static final DeviceCache<Key, ProxyEncoder> OPEN =
      new DeviceCache<>(ProxyEncoder::release);

  private record Key(
      String uri,
      List<String> identity,
      Reading reading,
      Precision precision,
      ComputeDevice device) {}

  private final ModelProgram program;
  private final Optional<TorchModule> module;
  private final ModelShape shape;
  private final int context;
  private final Reading reading;
  private final Precision precision;
  private final ComputeDevice device;

  private ProxyEncoder(
      ModelProgram program, Optional<TorchModule> module, Checkpoint checkpoint, Key key) {
    this.program = program;
    this.module = module;
    this.shape = checkpoint.shape();
    this.context = checkpoint.context();
    this.reading = key.reading();
    this.precision = key.precision();
    this.device = key.device();
  }

  /**
   * Returns the encoder of a checkpoint for the device, opening it if this JVM has not yet.
   *
   * @param reading what of it is read
   * @throws InvalidInputException if the weights cannot be used, or the device is lost to this JVM
   */
  public static ProxyEncoder of(
      Checkpoint checkpoint,
      Reading reading,
      Precision precision,
      ComputeDevice device,
      Configuration hadoop) {
    Key key =
        new Key(
            checkpoint.uri(), checkpoint.identity(hadoop), reading, precision.on(device), device);
    CudaFailure.requireUsable(device);
    return OPEN.take(device, key, () -> open(checkpoint, key, hadoop));
  }

  private static ProxyEncoder open(Checkpoint checkpoint, Key key, Configuration hadoop) {
    ModelShape shape = checkpoint.shape();
    ModelProgram program = ModelProgram.loadToEmbed(shape.family(), key.precision(), key.device());
    try {
      if (checkpoint.isModule()) {
        Optional<TorchModule> module = Optional.of(checkpoint.module(key.device(), hadoop));
        return new ProxyEncoder(program, module, checkpoint, key);
      }
      load(program, checkpoint, key, hadoop);
      return new ProxyEncoder(program, Optional.empty(), checkpoint, key);
    } catch (RuntimeException e) {
      program.close();
      throw CudaFailure.said(key.device(), e);
    }
  }

  private static void load(
      ModelProgram program, Checkpoint checkpoint, Key key, Configuration hadoop) {
    BiConsumer<ModelWeight, StoredTensor> keep =
        (weight, tensor) -> program.keep(weight, tensor, key.precision());
    checkpoint.weights(checkpoint.shape().weights(key.reading().blocks()), hadoop, keep);
    if (!key.reading().dense().isEmpty()) {
      checkpoint.denseWeights(hadoop, keep);
    }
  }

  private void release() {
    program.close();
    module.ifPresent(TorchModule::close);
  }

  /** Gives the encoder back: to be called once by whoever asked for it. */
  @Override
  public void close() {
    OPEN.giveBack(this);
  }

  /** Returns the device that it computes on. */
  public ComputeDevice device() {
    return device;
  }

  /** Returns the number format of its products. */
  public String format() {
    return module.isPresent() ? "as saved" : precision.toString();
  }

  /** Returns the embedding of each window, {@code (windows, width)}, as {@link #states} does. */
  public float[][] embed(List<int[]> windows) {
    return states(windows).get(0);
  }

  /**
   * Returns what is read of each window, {@code (windows, width)} for the hidden state that is
   * read, then for each of the others. Special tokens are put around a window where the reading
   * says so; shorter windows are padded for the computation, which the model does not see.
   *
   * @throws InvalidInputException if a window is empty, longer than the context, or has an id
   *     outside the vocabulary, which the model does not see; or if the device is lost to this JVM
   */
  public List<float[][]> states(List<int[]> windows) {
    List<int[]> enclosed = windows.stream().map(reading::enclosed).toList();
    enclosed.forEach(this::check);
    float[][] found =
        device.isGpu() || module.isPresent() ? embedEnclosed(enclosed) : inCache(enclosed);
    if (reading.others().isEmpty()) {
      return Collections.singletonList(found);
    }
    List<Integer> met = reading.inOrder();
    return Stream.concat(Stream.of(reading.layer()), reading.others().stream())
        .map(layer -> met.indexOf(layer))
        .map(
            place -> {
              int low = place * shape.width();
              boolean last = place == met.size() - 1;
              return Stream.of(found)
                  .map(all -> Arrays.copyOfRange(all, low, last ? all.length : low + shape.width()))
                  .toArray(float[][]::new);
            })
        .toList();
  }

  /** Embeds windows, as many at once as stay in a processor's cache. */
  private float[][] inCache(List<int[]> windows) {
    List<float[]> found = new ArrayList<>();
    int from = 0;
    int longest = 0;
    for (int i = 0; i < windows.size(); i++) {
      longest = Math.max(longest, windows.get(i).length);
      boolean last = i + 1 == windows.size();
      int next = last ? 0 : Math.max(longest, windows.get(i + 1).length);
      if (last || (long) next * (i + 2 - from) > TOKENS_IN_CACHE) {
        found.addAll(Arrays.asList(embedEnclosed(windows.subList(from, i + 1))));
        from = i + 1;
        longest = 0;
      }
    }
    return found.toArray(float[][]::new);
  }

  private float[][] embedEnclosed(List<int[]> windows) {
    try {
      return forward(windows);
    } catch (EngineException e) {
      if (!CudaFailure.isOutOfMemory(e)) {
        if (CudaFailure.losesDevice(device, e)) {
          OPEN.discard(this);
        }
        throw CudaFailure.said(device, e);
      }
      if (windows.size() == 1) {
        throw e;
      }
      if (device.isGpu()) {
        JniUtils.emptyCudaCache();
      }
      int half = windows.size() / 2;
      return Stream.of(windows.subList(0, half), windows.subList(half, windows.size()))
          .flatMap(part -> Arrays.stream(embedEnclosed(part)))
          .toArray(float[][]::new);
    }
  }

  private void check(int[] window) {
    if (window.length == reading.around().count() || window.length > context) {
      throw new InvalidInputException(
          "Cannot embed a window of %d tokens: the proxy takes 1 to %d. Set sample.window-tokens."
              .formatted(
                  window.length - reading.around().count(), context - reading.around().count()));
    }
    for (int id : window) {
      if (id < 0 || id >= shape.vocabulary()) {
        throw new InvalidInputException(
            ("Cannot embed token id %d: the proxy has a vocabulary of %d. Use token ids made by the"
                    + " proxy's own tokenizer.")
                .formatted(id, shape.vocabulary()));
      }
    }
  }

  private float[][] forward(List<int[]> windows) {
    int batch = windows.size();
    int length = windows.stream().mapToInt(w -> w.length).max().orElseThrow();
    long[] ids = new long[batch * length];
    long[] lengths = new long[batch];
    for (int b = 0; b < batch; b++) {
      int[] window = windows.get(b);
      lengths[b] = window.length;
      for (int t = 0; t < window.length; t++) {
        ids[b * length + t] = window[t];
      }
    }
    int chunks = ModelProgram.attentionChunks(length, precision, device);
    try (NDManager manager = program.manager();
        IValue seen = IValue.from(seen((PtNDManager) manager, ids, lengths, length));
        IValue lengthsValue = IValue.from((PtNDArray) manager.create(lengths));
        IValue constants =
            IValue.stringMapFrom(ModelProgram.constants(constants(chunks), manager));
        IValue result =
            IValueUtils.runMethod(program.block(), "embed", seen, lengthsValue, constants)) {
      return rows(result.toTensor((PtNDManager) manager).toFloatArray(), batch);
    }
  }

  /** What the program starts from: token ids, or the states that a module makes of them. */
  private PtNDArray seen(PtNDManager manager, long[] ids, long[] lengths, int length) {
    Shape shape = new Shape(lengths.length, length);
    PtNDArray idArray = (PtNDArray) manager.create(ids, shape);
    if (module.isEmpty()) {
      return idArray;
    }
    long[] mask = new long[ids.length];
    for (int b = 0; b < lengths.length; b++) {
      Arrays.fill(mask, b * length, b * length + (int) lengths[b], 1);
    }
    return module.get().states(idArray, (PtNDArray) manager.create(mask, shape), manager);
  }

  private Map<String, List<Double>> constants(int chunks) {
    Map<String, List<Double>> constants =
        shape.constants(reading.blocks(), precision.scalarType(), chunks);
    reading.into(constants);
    return constants;
  }

  private static float[][] rows(float[] values, int rows) {
    int width = values.length / rows;
    float[][] result = new float[rows][];
    for (int i = 0; i < rows; i++) {
      result[i] = Arrays.copyOfRange(values, i * width, (i + 1) * width);
    }
    return result;
  }
}
