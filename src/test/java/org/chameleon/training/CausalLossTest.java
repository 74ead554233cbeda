package org.chameleon.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.chameleon.model.ComputeDevice;
import org.chameleon.model.Precision;
import org.chameleon.model.Safetensors;
import org.chameleon.model.family.Activation;
import org.chameleon.model.family.Gpt2Family;
import org.chameleon.model.family.ModelShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CausalLossTest {
  private static final int[] IDS = {3, 17, 4, 4, 9, 0, 18, 2};

  @ParameterizedTest
  @CsvSource({
    "GELU_TANH, 1e-5, true, 32",
    "GELU_TANH, 0.3, true, 32",
    "GELU, 1e-5, true, 32",
    "RELU, 1e-5, true, 32",
    "RELU, 0.1, false, 12"
  })
  void theLossIsThatOfTheDefinition(
      Activation activation, double epsilon, boolean tied, int inner) {
    ModelShape shape = shape(activation, epsilon, tied, inner);
    ModelState state = spread(shape);
    double expected = new PlainGpt2(sizes(activation, epsilon, tied, inner), state).loss(IDS);
    try (CausalTrainer trainer = trainer(shape, state)) {
      assertThat(trainer.loss(List.of(IDS))).isCloseTo(expected, within(2e-5));
    }
  }

  @Test
  void epsilonAndActivationMoveTheLoss() {
    Gpt2Family.Sizes usual = sizes(Activation.GELU_TANH, 1e-5, true, 32);
    ModelState state = spread(new Gpt2Family().shape(usual));
    double loss = new PlainGpt2(usual, state).loss(IDS);
    Gpt2Family.Sizes relu = sizes(Activation.RELU, 1e-5, true, 32);
    Gpt2Family.Sizes wide = sizes(Activation.GELU_TANH, 0.3, true, 32);
    assertThat(new PlainGpt2(relu, state).loss(IDS)).isNotCloseTo(loss, within(1e-3));
    assertThat(new PlainGpt2(wide, state).loss(IDS)).isNotCloseTo(loss, within(1e-3));
  }

  @Test
  void anOutputLayerOfItsOwnIsTrained() {
    ModelShape shape = shape(Activation.GELU, 1e-5, false, 32);
    ModelState state = spread(shape);
    try (CausalTrainer trainer = trainer(shape, state)) {
      trainer.step(List.of(IDS), 1, config(0));
      assertThat(trainer.state().tensors().get("lm_head.weight").values())
          .isNotEqualTo(state.tensors().get("lm_head.weight").values());
      assertThat(trainer.state().saved(shape))
          .containsKeys("lm_head.weight", "transformer.h.0.ln_1.bias");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theGradientIsThatOfTheDefinition(boolean tied) {
    Gpt2Family.Sizes sizes = sizes(Activation.GELU_TANH, 1e-5, tied, 12);
    ModelShape shape = new Gpt2Family().shape(sizes);
    ModelState state = spread(shape);
    double squares = 0;
    for (Safetensors.Tensor tensor : state.tensors().values()) {
      float[] values = tensor.values();
      for (int i = 0; i < values.length; i++) {
        float value = values[i];
        values[i] = value + 0x1p-10f;
        float above = values[i];
        double high = new PlainGpt2(sizes, state).loss(IDS);
        values[i] = value - 0x1p-10f;
        double slope = (high - new PlainGpt2(sizes, state).loss(IDS)) / (above - values[i]);
        values[i] = value;
        squares += slope * slope;
      }
    }
    try (CausalTrainer trainer = trainer(shape, state)) {
      assertThat(trainer.step(List.of(IDS), 1, config(0)).gradientNorm())
          .isCloseTo(Math.sqrt(squares), withinPercentage(0.1));
    }
  }

  /** 20,000 tokens to choose from: 64 places at a time. */
  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "BFLOAT16"})
  void manyPlacesGiveTheLossAndGradientOfOneSequenceOfThem(Precision precision) {
    ModelShape shape =
        new Gpt2Family()
            .shape(new Gpt2Family.Sizes(1, 8, 16, 2, 40, 20000, 1e-5, Activation.GELU_TANH, true));
    int[] ids = new Random(3).ints(41, 0, 20000).toArray();
    ModelState state = spread(shape);
    List<CausalTrainer.Progress> steps = new ArrayList<>();
    for (int times : new int[] {1, 5}) {
      try (CausalTrainer trainer = new CausalTrainer(shape, state, precision, ComputeDevice.CPU)) {
        steps.add(trainer.step(Collections.nCopies(times, ids), 1, config(0)));
        assertThat(trainer.loss(Collections.nCopies(times, ids))).isLessThan(steps.get(0).loss());
      }
    }
    assertThat(steps.get(1).loss()).isCloseTo(steps.get(0).loss(), withinPercentage(0.01));
    assertThat(steps.get(1).gradientNorm())
        .isCloseTo(steps.get(0).gradientNorm(), withinPercentage(0.5));
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 128, 300})
  void bfloat16GivesNearlyTheLossAndGradientOfFloat32(int length) {
    ModelShape shape = new Gpt2Family().shape(Gpt2Family.Sizes.usual(2, 32, 2, 300, 50));
    int[] ids = new Random(4).ints(length + 1L, 0, 50).toArray();
    List<CausalTrainer.Progress> steps = new ArrayList<>();
    for (Precision precision : List.of(Precision.FLOAT32, Precision.BFLOAT16)) {
      try (CausalTrainer trainer =
          new CausalTrainer(shape, ModelState.initial(shape, 2), precision, ComputeDevice.CPU)) {
        steps.add(trainer.step(List.of(ids, ids), 1, config(0)));
      }
    }
    assertThat(steps.get(1)).isNotEqualTo(steps.get(0));
    assertThat(steps.get(1).loss()).isCloseTo(steps.get(0).loss(), withinPercentage(0.5));
    assertThat(steps.get(1).gradientNorm())
        .isCloseTo(steps.get(0).gradientNorm(), withinPercentage(2));
  }

  @Test
  void matricesDecayAndVectorsDoNot() {
    ModelShape shape = shape(Activation.GELU, 1e-5, false, 32);
    ModelState state = spread(shape);
    List<ModelState> after = new ArrayList<>();
    for (double decay : new double[] {0, 0.5}) {
      try (CausalTrainer trainer = trainer(shape, state)) {
        trainer.step(List.of(IDS), 1, config(decay));
        after.add(trainer.state());
      }
    }
    float kept = (float) (config(0).rate(1) * 0.5);
    state
        .tensors()
        .forEach(
            (name, tensor) -> {
              float[] without = after.get(0).tensors().get(name).values();
              float[] with = after.get(1).tensors().get(name).values();
              for (int i = 0; i < with.length; i++) {
                float decayed = tensor.shape().length > 1 ? kept * tensor.values()[i] : 0;
                assertThat(with[i]).as(name).isCloseTo(without[i] - decayed, within(1e-6f));
              }
            });
  }

  private static TrainingConfig config(double decay) {
    return new TrainingConfig(1, 1, 1e-2, 0, decay, 1, 0.9, 0.95, Precision.FLOAT32, 1);
  }

  @Test
  void weightsOfAnotherShapeAreRefused() {
    ModelState state = spread(shape(Activation.GELU, 1e-5, true, 32));
    assertThatThrownBy(() -> trainer(shape(Activation.GELU, 1e-5, true, 20), state))
        .hasMessage(
            "Cannot train a model whose weight 'h.0.mlp.c_fc.weight' is [8, 32], not [8, 20]");
    assertThatThrownBy(() -> trainer(shape(Activation.GELU, 1e-5, false, 32), state))
        .hasMessageContaining("'lm_head.weight' is missing");
  }

  private static CausalTrainer trainer(ModelShape shape, ModelState state) {
    return new CausalTrainer(shape, state, Precision.FLOAT32, ComputeDevice.CPU);
  }

  private static ModelShape shape(Activation activation, double epsilon, boolean tied, int inner) {
    return new Gpt2Family().shape(sizes(activation, epsilon, tied, inner));
  }

  private static Gpt2Family.Sizes sizes(
      Activation activation, double epsilon, boolean tied, int inner) {
    return new Gpt2Family.Sizes(2, 8, inner, 2, 10, 20, epsilon, activation, tied);
  }

  /** Weights with a wide spread, norms and biases too, so that an error anywhere shows. */
  private static ModelState spread(ModelShape shape) {
    Random random = new Random(7);
    SortedMap<String, Safetensors.Tensor> tensors = new TreeMap<>();
    ModelState.initial(shape, 1)
        .tensors()
        .forEach(
            (name, tensor) -> {
              float[] values = tensor.values().clone();
              for (int i = 0; i < values.length; i++) {
                values[i] += (float) (0.4 * random.nextGaussian());
              }
              tensors.put(name, new Safetensors.Tensor(tensor.shape(), values));
            });
    return new ModelState(tensors);
  }
}
