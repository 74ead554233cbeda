package org.chameleon.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.model.Checkpoint;
import org.chameleon.model.ComputeDevice;
import org.chameleon.model.ModelFamily;
import org.chameleon.model.ModelProgram;
import org.chameleon.model.ModelShape;
import org.chameleon.model.Precision;
import org.chameleon.model.Safetensors;

/**
 * A GPT-2 model with its gradients and optimiser state, on one device. The maths is that of the
 * model program: {@code loss} forward and backward, {@code step} for clipping and AdamW.
 */
final class Gpt2Trainer implements AutoCloseable {
  private static final double INITIAL_SPREAD = 0.02;

  private final ModelProgram program;
  private final NDManager manager;
  private final ModelShape shape;
  private final Precision precision;
  private final List<String> names;
  private final NDList weights = new NDList();
  private final NDList means = new NDList();
  private final NDList squares = new NDList();

  private Gpt2Trainer(ModelShape shape, Precision precision, ComputeDevice device) {
    this.program = ModelProgram.load(ModelFamily.GPT2, device);
    this.manager = program.manager();
    this.shape = shape;
    this.precision = precision.on(device);
    this.names = weightNames(shape);
  }

  /** Creates a model with random weights, the same for the same seed. */
  static Gpt2Trainer create(
      ModelShape shape, Precision precision, ComputeDevice device, long seed) {
    Gpt2Trainer trainer = new Gpt2Trainer(shape, precision, device);
    SplittableRandom random = new SplittableRandom(seed);
    trainer.names.forEach(name -> trainer.add(initial(name, shape, random.split())));
    return trainer;
  }

  /** Opens a trained model. */
  static Gpt2Trainer open(Checkpoint checkpoint, ComputeDevice device, Configuration hadoop) {
    Gpt2Trainer trainer = new Gpt2Trainer(checkpoint.shape(), Precision.FLOAT32, device);
    checkpoint.weights(trainer.names, hadoop, (name, tensor) -> trainer.add(tensor));
    return trainer;
  }

  private static List<String> weightNames(ModelShape shape) {
    List<String> names = new java.util.ArrayList<>(shape.family().weightNames(shape.layers()));
    names.addAll(shape.family().finalNormNames());
    return names;
  }

  private static Safetensors.Tensor initial(
      String name, ModelShape shape, SplittableRandom random) {
    long[] sizes = sizes(name, shape);
    float[] values = new float[(int) Arrays.stream(sizes).reduce(1, (a, b) -> a * b)];
    if (sizes.length == 2) {
      boolean residual = name.endsWith("c_proj.weight");
      double spread = INITIAL_SPREAD / (residual ? Math.sqrt(2.0 * shape.layers()) : 1);
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (spread * random.nextGaussian());
      }
    } else if (name.contains("ln_") && name.endsWith("weight")) {
      Arrays.fill(values, 1);
    }
    return new Safetensors.Tensor(sizes, values);
  }

  private static long[] sizes(String name, ModelShape shape) {
    long width = shape.width();
    boolean matrix = name.endsWith("weight");
    if (name.equals("wte.weight")) {
      return new long[] {shape.vocabulary(), width};
    }
    if (name.equals("wpe.weight")) {
      return new long[] {shape.context(), width};
    }
    if (name.contains("ln_")) {
      return new long[] {width};
    }
    long in = name.contains("mlp.c_proj") ? 4 * width : width;
    long out = name.contains("c_attn") ? 3 * width : name.contains("c_fc") ? 4 * width : width;
    return matrix ? new long[] {in, out} : new long[] {out};
  }

  private void add(Safetensors.Tensor tensor) {
    NDArray weight = manager.create(tensor.values(), new Shape(tensor.shape()));
    weight.setName("w[]");
    weight.setRequiresGradient(true);
    weights.add(weight);
    means.add(zeros(weight, "m[]"));
    squares.add(zeros(weight, "v[]"));
  }

  private NDArray zeros(NDArray like, String name) {
    NDArray zeros = manager.zeros(like.getShape());
    zeros.setName(name);
    return zeros;
  }

  /** Returns the number of weights. */
  long parameters() {
    return weights.stream().mapToLong(w -> w.getShape().size()).sum();
  }

  /** What one step of training shows. */
  record Progress(double loss, double gradientNorm) {}

  /**
   * Takes one step.
   *
   * @param batch sequences of one length, each a token longer than the model sees
   * @param step number of the step, from 1
   * @return the loss before the step in nats per token, and the gradients' norm before clipping
   */
  Progress step(List<int[]> batch, int step, TrainingConfig config) {
    try (NDManager scope = manager.newSubManager()) {
      JniUtils.setGradMode(true);
      double loss;
      try (GradientCollector gradients = ModelProgram.engine().newGradientCollector()) {
        NDArray result = IValueUtils.forward(program.block(), lossCall(batch, scope), true).head();
        result.attach(scope);
        gradients.backward(result);
        loss = result.getFloat();
      }
      JniUtils.setGradMode(false);
      return new Progress(loss, update(step, config, scope));
    }
  }

  private double update(int step, TrainingConfig config, NDManager scope) {
    float[] hyper = {
      (float) config.rate(step),
      (float) (1 - Math.pow(config.beta1(), step)),
      (float) Math.sqrt(1 - Math.pow(config.beta2(), step)),
      (float) config.weightDecay(),
      (float) config.clipNorm(),
      (float) config.beta1(),
      (float) config.beta2()
    };
    NDList call = call("step", scope);
    call.add(named(scope.create(hyper), "hyper"));
    NDList gradients = new NDList();
    for (NDArray weight : weights) {
      gradients.add(named(weight.getGradient(), "g[]"));
    }
    call.addAll(weights);
    call.addAll(gradients);
    call.addAll(means);
    call.addAll(squares);
    NDArray norm = IValueUtils.forward(program.block(), call, true).head();
    norm.attach(scope);
    double result = norm.toFloatArray()[0];
    gradients.close();
    weights.forEach(weight -> JniUtils.zeroGrad((PtNDArray) weight));
    return result;
  }

  /** Returns the mean loss of sequences in nats per token, without training. */
  double loss(List<int[]> batch) {
    try (NDManager scope = manager.newSubManager()) {
      JniUtils.setGradMode(false);
      NDArray result = IValueUtils.forward(program.block(), lossCall(batch, scope), false).head();
      result.attach(scope);
      return result.getFloat();
    }
  }

  private NDList lossCall(List<int[]> batch, NDManager scope) {
    int length = batch.get(0).length;
    long[] ids = new long[batch.size() * length];
    for (int b = 0; b < batch.size(); b++) {
      for (int t = 0; t < length; t++) {
        ids[b * length + t] = batch.get(b)[t];
      }
    }
    NDList call = call("loss", scope);
    call.add(named(scope.create(ids, new Shape(batch.size(), length)), "ids"));
    long[] settings = {shape.heads(), precision.scalarType()};
    call.add(named(scope.create(settings), "shape"));
    call.addAll(weights);
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

  /**
   * Returns the weights under the names of a Hugging Face checkpoint with a language model head.
   */
  Map<String, Safetensors.Tensor> tensors() {
    Map<String, Safetensors.Tensor> tensors = new TreeMap<>();
    for (int i = 0; i < weights.size(); i++) {
      NDArray weight = weights.get(i);
      tensors.put(
          "transformer." + names.get(i),
          new Safetensors.Tensor(weight.getShape().getShape(), weight.toFloatArray()));
    }
    return tensors;
  }

  @Override
  public void close() {
    manager.close();
    program.close();
  }
}
