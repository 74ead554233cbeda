package org.chameleon.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.TreeMap;
import org.chameleon.model.Safetensors;
import org.chameleon.model.family.Activation;
import org.chameleon.model.family.Gpt2Family;
import org.chameleon.model.family.ModelShape;
import org.junit.jupiter.api.Test;

class StateSumTest {
  private static final ModelShape SHAPE =
      new Gpt2Family()
          .shape(new Gpt2Family.Sizes(1, 8, 32, 2, 10, 20, 1e-5, Activation.GELU_TANH, true));

  @Test
  void theMeanIsThatOfEachValue() {
    ModelState mean = StateSum.of(state(1, -2)).merge(StateSum.of(state(4, 8))).mean();
    assertThat(mean.tensors().get("a").values()).containsExactly(2.5f, 3);
  }

  @Test
  void theMeanOfEqualStatesIsThatStateToTheLastBit() {
    ModelState state = ModelState.initial(SHAPE, 3);
    StateSum sum = StateSum.of(state).merge(StateSum.of(state)).merge(StateSum.of(state));
    assertSame(sum.mean(), state);
  }

  @Test
  void sumsMergeInAnyGrouping() {
    StateSum a = StateSum.of(ModelState.initial(SHAPE, 1));
    StateSum b = StateSum.of(ModelState.initial(SHAPE, 2));
    StateSum c = StateSum.of(ModelState.initial(SHAPE, 3));
    assertSame(a.merge(b).merge(c).mean(), c.merge(b.merge(a)).mean());
    assertThat(a.merge(b).merge(c).count()).isEqualTo(3);
  }

  @Test
  void statesOfOtherNamesOrSizesDoNotMerge() {
    StateSum sum = StateSum.of(state(1, 2));
    assertThatThrownBy(() -> sum.merge(StateSum.of(state(1))))
        .hasMessage("Cannot add weights of sizes [2] and [1]");
    assertThatThrownBy(() -> sum.merge(StateSum.of(new ModelState(new TreeMap<>()))))
        .hasMessage("Cannot add weights [a] and []");
  }

  private static ModelState state(float... values) {
    return new ModelState(
        new TreeMap<>(Map.of("a", new Safetensors.Tensor(new long[] {values.length}, values))));
  }

  private static void assertSame(ModelState found, ModelState expected) {
    assertThat(found.tensors().keySet()).isEqualTo(expected.tensors().keySet());
    expected
        .tensors()
        .forEach(
            (name, tensor) ->
                assertThat(found.tensors().get(name).values()).isEqualTo(tensor.values()));
  }
}
