package org.chameleon.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.chameleon.model.ComputeDevice;
import org.chameleon.model.ModelProgram;
import org.chameleon.model.Precision;
import org.chameleon.model.Safetensors;
import org.chameleon.model.family.Activation;
import org.chameleon.model.family.Gpt2Family;
import org.chameleon.model.family.ModelShape;
import org.junit.jupiter.api.Test;

class CausalTrainerTest {
  private static final ModelShape SHAPE =
      new Gpt2Family()
          .shape(new Gpt2Family.Sizes(2, 32, 128, 4, 16, 300, 1e-5, Activation.GELU_TANH, true));

  @Test
  void anUntrainedModelKnowsNothing() {
    try (CausalTrainer trainer = trainer(1)) {
      assertThat(trainer.loss(batch(8, 1))).isCloseTo(Math.log(300), within(0.1));
      assertThat(trainer.state().parameters())
          .isEqualTo(300 * 32 + 16 * 32 + 2 * (12 * 32 * 32 + 13 * 32) + 64);
    }
  }

  @Test
  void trainingLowersTheLossAndTheSameSeedGivesTheSameBits() {
    TrainingConfig config = config(40);
    List<Double> losses = new ArrayList<>();
    List<Map<String, Safetensors.Tensor>> results = new ArrayList<>();
    for (int run = 0; run < 2; run++) {
      try (CausalTrainer trainer = trainer(3)) {
        for (int step = 1; step <= 40; step++) {
          losses.add(trainer.step(batch(8, step % 4), step, config).loss());
        }
        results.add(trainer.state().tensors());
      }
    }
    assertThat(losses.subList(40, 80)).isEqualTo(losses.subList(0, 40));
    assertThat(losses.get(39)).isLessThan(losses.get(0) - 1);
    results
        .get(0)
        .forEach((name, t) -> assertThat(results.get(1).get(name).values()).isEqualTo(t.values()));
  }

  @Test
  void modelsThatTrainSideBySideDoNotDisturbEachOther() {
    TrainingConfig config = config(30);
    List<Double> alone = new ArrayList<>(losses(7, config));
    alone.addAll(losses(8, config));
    List<Double> together =
        Stream.of(7, 8).parallel().map(seed -> losses(seed, config)).flatMap(List::stream).toList();
    assertThat(together).isEqualTo(alone);
  }

  private static List<Double> losses(int seed, TrainingConfig config) {
    ModelProgram.useThreads(1);
    try (CausalTrainer trainer = trainer(seed)) {
      List<Double> losses = new ArrayList<>();
      for (int step = 1; step <= 30; step++) {
        losses.add(trainer.step(batch(8, step % 4), step, config).loss());
      }
      losses.add(trainer.loss(batch(8, 99)));
      return losses;
    }
  }

  @Test
  void theStepFollowsTheNumericalGradient() {
    // Without momentum or decay the first AdamW step moves each weight against its gradient's sign.
    List<int[]> batch = batch(4, 9);
    try (CausalTrainer trainer = trainer(5)) {
      Map<String, Safetensors.Tensor> before = trainer.state().tensors();
      double loss = trainer.loss(batch);
      CausalTrainer.Progress progress = trainer.step(batch, 1, config(1));
      Map<String, Safetensors.Tensor> after = trainer.state().tensors();
      assertThat(progress.loss()).isCloseTo(loss, within(1e-5));
      assertThat(progress.gradientNorm()).isPositive();
      double rate = config(1).rate(1);
      float moved =
          after.get("h.0.mlp.c_fc.bias").values()[0] - before.get("h.0.mlp.c_fc.bias").values()[0];
      assertThat(Math.abs(moved)).isCloseTo((float) rate, within((float) rate * 0.05f));
      assertThat(trainer.loss(batch)).isLessThan(loss);
    }
  }

  @Test
  void theRateWarmsUpAndFallsToATenth() {
    TrainingConfig config = config(100);
    assertThat(config.rate(5)).isCloseTo(config.learningRate() / 2, within(1e-12));
    assertThat(config.rate(10)).isCloseTo(config.learningRate(), within(1e-12));
    assertThat(config.rate(100)).isCloseTo(config.learningRate() / 10, within(1e-12));
  }

  private static CausalTrainer trainer(long seed) {
    return new CausalTrainer(
        SHAPE, ModelState.initial(SHAPE, seed), Precision.FLOAT32, ComputeDevice.CPU);
  }

  private static TrainingConfig config(int steps) {
    return new TrainingConfig(
        steps, 8, 5e-3, steps == 1 ? 0 : 10, 0.0, 1.0, 0.9, 0.95, Precision.FLOAT32, 100);
  }

  private static List<int[]> batch(int size, long seed) {
    Random random = new Random(seed);
    List<int[]> batch = new ArrayList<>();
    for (int b = 0; b < size; b++) {
      int[] ids = new int[17];
      ids[0] = random.nextInt(300);
      for (int t = 1; t < ids.length; t++) {
        ids[t] = (ids[t - 1] * 7 + 3) % 300;
      }
      batch.add(ids);
    }
    return batch;
  }
}
