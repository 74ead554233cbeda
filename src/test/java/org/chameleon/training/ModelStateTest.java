package org.chameleon.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.chameleon.model.Safetensors;
import org.chameleon.model.family.ModelWeight;
import org.chameleon.model.family.ModelWeight.Role;
import org.junit.jupiter.api.Test;

class ModelStateTest {
  @Test
  void initialValuesFollowFromRoles() {
    assertThat(spread(Role.EMBEDDING)).isBetween(0.018, 0.022);
    assertThat(spread(Role.MATRIX)).isBetween(0.018, 0.022);
    assertThat(spread(Role.RESIDUAL)).isBetween(0.009, 0.011);
    assertThat(initial(Role.NORM).values()).containsOnly(1);
    assertThat(initial(Role.NORM_BIAS).values()).containsOnly(0);
    assertThat(initial(Role.BIAS).values()).containsOnly(0);
  }

  private static double spread(Role role) {
    float[] values = initial(role).values();
    double squares = 0;
    for (float value : values) {
      squares += value * value;
    }
    return Math.sqrt(squares / values.length);
  }

  private static Safetensors.Tensor initial(Role role) {
    ModelWeight weight = new ModelWeight("w", "w", List.of(40L, 50L), role);
    Safetensors.Tensor tensor = ModelState.initial(weight, 2, new SplittableRandom(1));
    assertThat(Arrays.stream(tensor.shape()).boxed().toList()).isEqualTo(weight.sizes());
    return tensor;
  }
}
