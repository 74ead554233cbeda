package org.chameleon.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.Reference;
import org.chameleon.RunConfig;
import org.chameleon.model.Checkpoint;
import org.chameleon.model.ComputeDevice;
import org.chameleon.model.ModelProgram;
import org.chameleon.model.Precision;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A GPU computes the products as training does, a processor by oneDNN: both with one result. */
class ProductsTest {
  private static final Configuration HADOOP = new Configuration();
  private static final int LENGTH = 40;

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "gpt2-odd", "llama", "qwen2", "bert"})
  void productsOfEveryDeviceGiveTheSameEmbeddings(String model) {
    Checkpoint checkpoint =
        Checkpoint.open(
            Reference.path(model).toString(), Checkpoint.TokenizerNeed.OPTIONAL, HADOOP);
    float[] derivable;
    float[] toEmbed;
    try (ModelProgram program = ModelProgram.load(checkpoint.shape().family(), ComputeDevice.CPU)) {
      derivable = embedded(program, checkpoint);
    }
    try (ModelProgram program =
        ModelProgram.loadToEmbed(
            checkpoint.shape().family(), Precision.FLOAT32, ComputeDevice.CPU)) {
      toEmbed = embedded(program, checkpoint);
    }
    assertThat(toEmbed).hasSameSizeAs(derivable);
    for (int i = 0; i < toEmbed.length; i++) {
      assertThat(toEmbed[i]).isCloseTo(derivable[i], within(1e-5f));
    }
  }

  private static float[] embedded(ModelProgram program, Checkpoint checkpoint) {
    Reading reading = Reading.of(checkpoint, RunConfig.defaultEmbedding());
    checkpoint.weights(
        checkpoint.shape().weights(reading.blocks()),
        HADOOP,
        (weight, tensor) -> program.keep(weight, tensor, Precision.FLOAT32));
    Map<String, List<Double>> constants =
        checkpoint.shape().constants(reading.blocks(), Precision.FLOAT32.scalarType(), 0);
    reading.into(constants);
    long[] ids = new Random(1).longs(2 * LENGTH, 0, checkpoint.shape().vocabulary()).toArray();
    try (NDManager manager = program.manager();
        IValue idsValue = IValue.from((PtNDArray) manager.create(ids, new Shape(2, LENGTH)));
        IValue lengths = IValue.from((PtNDArray) manager.create(new long[] {LENGTH, LENGTH - 7}));
        IValue shape = IValue.stringMapFrom(ModelProgram.constants(constants, manager));
        IValue found = IValueUtils.runMethod(program.block(), "embed", idsValue, lengths, shape)) {
      return found.toTensor((PtNDManager) manager).toFloatArray();
    }
  }
}
