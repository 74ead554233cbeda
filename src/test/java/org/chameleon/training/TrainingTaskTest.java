package org.chameleon.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.Iterator;
import org.chameleon.TestSpark;
import org.chameleon.cluster.TaskMetrics;
import org.chameleon.model.Precision;
import org.chameleon.model.family.Activation;
import org.chameleon.model.family.Gpt2Family;
import org.chameleon.model.family.ModelShape;
import org.junit.jupiter.api.Test;

class TrainingTaskTest {
  private static final ModelShape SHAPE =
      new Gpt2Family()
          .shape(new Gpt2Family.Sizes(2, 16, 64, 2, 8, 50, 1e-5, Activation.GELU_TANH, true));

  @Test
  void whatItTrainsIsWhatItReturns() {
    ModelState start = ModelState.initial(SHAPE, 3);
    Trained trained = task(10).train(start, sequences(20));
    assertThat(trained.state().tensors().keySet()).isEqualTo(start.tensors().keySet());
    assertThat(trained.state().tensors().get("ln_f.bias").values())
        .isNotEqualTo(start.tensors().get("ln_f.bias").values());
    TrainingLog log = trained.log();
    assertThat(log.steps()).extracting(TrainingLog.Step::step).startsWith(1, 2).hasSize(10);
    assertThat(log.finalLoss()).isEqualTo(log.steps().get(9).loss());
    assertThat(log.tokens()).isEqualTo(10 * 2 * 8);
    assertThat(log.parameters()).isEqualTo(start.parameters());
    assertThat(log.device()).isEqualTo("cpu float32");
    // 6 per multiplied weight and token, and attention to 8 places in 2 layers, 12 per place and
    // width.
    assertThat(log.flops()).isEqualTo(160.0 * 6 * (2 * 12 * 16 * 16 + 50 * 16 + 2 * 2 * 8 * 16));
  }

  @Test
  void itGoesOnFromAnyState() {
    ModelState start = ModelState.initial(SHAPE, 3);
    ModelState first = task(10).train(start, sequences(20)).state();
    Trained second = task(10).train(first, sequences(20));
    assertThat(second.log().steps().get(0).loss()).isLessThan(3.6);
  }

  @Test
  void sequencesThatEndEarlyAreRefused() {
    assertThatThrownBy(() -> task(10).train(ModelState.initial(SHAPE, 3), sequences(6)))
        .hasMessage("Cannot train: the sequences end before step 4 of 10. Lower training.steps.");
  }

  private static TrainingTask task(int steps) {
    TrainingConfig config =
        new TrainingConfig(steps, 2, 1e-2, 0, 0, 1, 0.9, 0.95, Precision.FLOAT32, 1);
    TaskMetrics metrics = TaskMetrics.of(TestSpark.session().sparkContext(), "test");
    return new TrainingTask(SHAPE, config, new ProxyTrainer.Compute("cpu", 3, metrics), 1);
  }

  private static Iterator<int[]> sequences(int count) {
    int[] ids = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    return Collections.nCopies(count, ids).iterator();
  }
}
