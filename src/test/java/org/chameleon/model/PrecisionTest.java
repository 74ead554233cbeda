package org.chameleon.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrecisionTest {
  @ParameterizedTest
  @CsvSource({
    "37, false", "60, false", "61, false", "70, false", "72, false", "75, false",
    "80, true", "86, true", "89, true", "90, true", "100, true", "121, true",
    "'', false", "x, false", "7, false"
  })
  void gpusMultiplyBfloat16FromAmpereOn(String capability, boolean has) {
    assertThat(Precision.gpuHasBfloat16(capability)).isEqualTo(has);
  }

  @Test
  void aGpuOfUnknownCapabilityGetsFloat32AndWhatIsAskedForIsKept() {
    ComputeDevice none = new ComputeDevice(999);
    assertThat(none.computeCapability()).isEmpty();
    assertThat(Precision.AUTO.on(none)).isEqualTo(Precision.FLOAT32);
    assertThat(Precision.BFLOAT16.on(none)).isEqualTo(Precision.BFLOAT16);
  }
}
