package org.chameleon.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.chameleon.model.ComputeDevice;
import org.chameleon.model.ModelProgram;
import org.chameleon.model.Precision;
import org.chameleon.model.Safetensors;
import org.chameleon.model.family.ModelShape;
import org.chameleon.model.family.ModelWeight;

/**
 * A model that predicts the next token, of any family, with its gradients and optimiser state, on
 * one device. The maths is that of the family's program: {@code loss} forward and backward, {@code
 * norm} and {@code step} for clipping and AdamW. Several may train side by side, each in a thread
 * of its own.
 */
public final class CausalTrainer implements AutoCloseable {
  private final ComputeDevice device;
  private final ModelProgram program;
  private final NDManager manager;
  private final List<String> names;
  private final ModelShape shape;
  private final Precision precision;
  private final NDList weights = new NDList();
  private final NDList means = new NDList();
  private final NDList squares = new NDList();

  /**
   * Puts a model on a device, with an optimiser that has seen nothing.
   *
   * @param start its weights
   * @param precision number format of the matrix products
   * @throws IllegalArgumentException if the weights are not those of the shape
   */
  public CausalTrainer(
      ModelShape shape, ModelState start, Precision precision, ComputeDevice device) {
    List<ModelWeight> expected = shape.causalWeights();
    expected.forEach(weight -> requireFit(weight, start));
    this.device = device;
    this.shape = shape;
    this.precision = precision.on(device);
    this.program = ModelProgram.load(shape.family(), device);
    this.manager = program.manager();
    this.names = expected.stream().map(ModelWeight::name).toList();
    try {
      names.forEach(name -> add(start.tensors().get(name)));
    } catch (Throwable failure) {
      program.close();
      throw failure;
    }
  }

  private static void requireFit(ModelWeight weight, ModelState start) {
    Safetensors.Tensor tensor = start.tensors().get(weight.name());
    if (tensor == null || !weight.fits(tensor.shape())) {
      throw new IllegalArgumentException(
          "Cannot train a model whose weight '%s' is %s, not %s"
              .formatted(
                  weight.name(),
                  tensor == null ? "missing" : Arrays.toString(tensor.shape()),
                  weight.sizes()));
    }
  }

  private void add(Safetensors.Tensor tensor) {
    NDArray weight = manager.create(tensor.values(), new Shape(tensor.shape()));
    weight.setRequiresGradient(true);
    weights.add(weight);
    means.add(named(manager.zeros(weight.getShape()), "m[]"));
    squares.add(named(manager.zeros(weight.getShape()), "v[]"));
  }

  /** Returns the device that it computes on. */
  public ComputeDevice device() {
    return device;
  }

  /** What one step of training shows. */
  public record Progress(double loss, double gradientNorm) {}

  /**
   * Takes one step.
   *
   * @param batch sequences of one length, each a token longer than the model sees
   * @param step number of the step, from 1
   * @return the loss before the step in nats per token, and the gradients' norm before clipping
   */
  public Progress step(List<int[]> batch, int step, TrainingConfig config) {
    try (NDManager scope = manager.newSubManager()) {
      double loss = withGradients(batch, scope);
      return new Progress(loss, update(step, config, scope));
    }
  }

  /** DJL's gradient collector is one for the whole JVM; the mode that it sets is the thread's. */
  private double withGradients(List<int[]> batch, NDManager scope) {
    JniUtils.setGradMode(true);
    try {
      NDList call = lossCall(batch, precision, scope);
      NDArray result = IValueUtils.forward(program.block(), call, true).head();
      result.attach(scope);
      NDArray one = scope.ones(new Shape(), DataType.FLOAT32);
      JniUtils.backward((PtNDArray) result, (PtNDArray) one, false, false);
      return result.getFloat();
    } finally {
      JniUtils.setGradMode(false);
    }
  }

  private double update(int step, TrainingConfig config, NDManager scope) {
    NDList gradients = new NDList();
    weights.forEach(weight -> gradients.add(named(weight.getGradient(), "g[]")));
    NDList call = call("norm", scope);
    call.addAll(gradients);
    NDArray norm = IValueUtils.forward(program.block(), call, true).head();
    norm.attach(scope);
    int[] matrices = weightsOf(dimensions -> dimensions > 1);
    int[] vectors = weightsOf(dimensions -> dimensions <= 1);
    update(gradients, norm, matrices, hyper(step, config, config.weightDecay()));
    update(gradients, norm, vectors, hyper(step, config, 0));
    gradients.close();
    weights.forEach(weight -> JniUtils.zeroGrad((PtNDArray) weight));
    return norm.toFloatArray()[0];
  }

  /** Numbers of weights: matrices decay, biases and norms do not. */
  private int[] weightsOf(IntPredicate dimensions) {
    return IntStream.range(0, weights.size())
        .filter(i -> dimensions.test(weights.get(i).getShape().dimension()))
        .toArray();
  }

  private static float[] hyper(int step, TrainingConfig config, double decay) {
    return new float[] {
      (float) config.rate(step),
      step,
      (float) decay,
      (float) config.clipNorm(),
      (float) config.beta1(),
      (float) config.beta2()
    };
  }

  private void update(NDList gradients, NDArray norm, int[] chosen, float[] hyper) {
    try (NDManager scope = manager.newSubManager()) {
      NDList call = call("step", scope);
      call.add(named(scope.create(hyper), "hyper"));
      call.add(named(norm, "norm"));
      Arrays.stream(chosen).forEach(i -> call.add(named(weights.get(i), "w[]")));
      Arrays.stream(chosen).forEach(i -> call.add(gradients.get(i)));
      Arrays.stream(chosen).forEach(i -> call.add(means.get(i)));
      Arrays.stream(chosen).forEach(i -> call.add(squares.get(i)));
      IValueUtils.forward(program.block(), call, true).head().attach(scope);
    }
  }

  /**
   * Returns the mean loss of sequences in nats per token, without training; in float32, whatever
   * the model is trained in.
   *
   * @param batch sequences of one length, each a token longer than the model sees
   */
  public double loss(List<int[]> batch) {
    try (NDManager scope = manager.newSubManager()) {
      JniUtils.setGradMode(false);
      NDList call = lossCall(batch, Precision.FLOAT32, scope);
      NDArray result = IValueUtils.forward(program.block(), call, false).head();
      result.attach(scope);
      return result.getFloat();
    }
  }

  private NDList lossCall(List<int[]> batch, Precision products, NDManager scope) {
    int length = batch.get(0).length;
    long[] ids = new long[batch.size() * length];
    for (int b = 0; b < batch.size(); b++) {
      for (int t = 0; t < length; t++) {
        ids[b * length + t] = batch.get(b)[t];
      }
    }
    NDList call = call("loss", scope);
    call.add(named(scope.create(ids, new Shape(batch.size(), length)), "ids"));
    int chunks = ModelProgram.attentionChunks(length - 1, products, device);
    ModelProgram.constants(shape.constants(shape.layers(), products.scalarType(), chunks), scope)
        .forEach((name, value) -> call.add(named(value, "shape." + name)));
    for (int i = 0; i < weights.size(); i++) {
      call.add(named(weights.get(i), "w." + names.get(i)));
    }
    return call;
  }

  /** The first array only says which method of the program is called. */
  private static NDList call(String method, NDManager scope) {
    return new NDList(named(scope.zeros(new Shape(1)), "module_method:" + method));
  }

  private static NDArray named(NDArray array, String name) {
    array.setName(name);
    return array;
  }

  /** Returns the weights as they are now. */
  public ModelState state() {
    SortedMap<String, Safetensors.Tensor> tensors = new TreeMap<>();
    for (int i = 0; i < weights.size(); i++) {
      NDArray weight = weights.get(i);
      tensors.put(
          names.get(i),
          new Safetensors.Tensor(weight.getShape().getShape(), weight.toFloatArray()));
    }
    return new ModelState(tensors);
  }

  @Override
  public void close() {
    manager.close();
    program.close();
  }
}
