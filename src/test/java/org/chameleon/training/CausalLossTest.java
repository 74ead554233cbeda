package org.chameleon.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

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
    TrainingConfig config =
        new TrainingConfig(1, 1, 1e-3, 0, 0, 1, 0.9, 0.95, Precision.FLOAT32, 1);
    try (CausalTrainer trainer = trainer(shape, state)) {
      trainer.step(List.of(IDS), 1, config);
      assertThat(trainer.state().tensors().get("lm_head.weight").values())
          .isNotEqualTo(state.tensors().get("lm_head.weight").values());
      assertThat(trainer.state().saved(shape))
          .containsKeys("lm_head.weight", "transformer.h.0.ln_1.bias");
    }
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
