package org.chameleon.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.EngineException;
import org.chameleon.config.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CudaFailureTest {
  @ParameterizedTest
  @CsvSource({
    "CUDA error: device-side assert triggered, true, false",
    "CUDA error: an illegal memory access was encountered, true, false",
    "CUDA error: unspecified launch failure, true, false",
    "CUDA error: CUBLAS_STATUS_EXECUTION_FAILED when calling cublasGemmEx, true, false",
    "CUDA error: out of memory, false, true",
    "CUDA out of memory. Tried to allocate 2.00 GiB, false, true",
    "Expected all tensors to be on the same device, false, false"
  })
  void aLostContextIsToldFromMemoryAndFromMistakes(String message, boolean lost, boolean memory) {
    EngineException failure = new EngineException(message);
    assertThat(CudaFailure.losesDevice(new ComputeDevice(900), failure)).isEqualTo(lost);
    assertThat(CudaFailure.losesDevice(ComputeDevice.CPU, failure)).isFalse();
    assertThat(CudaFailure.isOutOfMemory(failure)).isEqualTo(memory);
  }

  @Test
  void aLostDeviceIsRefusedToAllWhoAskLater() {
    ComputeDevice device = new ComputeDevice(901);
    assertThatCode(() -> CudaFailure.requireUsable(device)).doesNotThrowAnyException();
    EngineException failure =
        new EngineException("CUDA error: device-side assert triggered\nCUDA kernel errors might");
    String message =
        "Cannot compute on gpu:901 any more: CUDA error: device-side assert triggered. Its CUDA"
            + " context is lost to this process. Restart the executor and run again with --resume.";
    assertThat(CudaFailure.said(device, failure))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(message)
        .hasCause(failure);
    assertThatThrownBy(() -> CudaFailure.requireUsable(device)).hasMessage(message);
    assertThatCode(() -> CudaFailure.requireUsable(new ComputeDevice(902)))
        .doesNotThrowAnyException();
  }

  @Test
  void anyOtherFailureStaysAsItIs() {
    EngineException failure = new EngineException("shape mismatch");
    assertThat(CudaFailure.said(new ComputeDevice(903), failure)).isSameAs(failure);
    assertThatCode(() -> CudaFailure.requireUsable(new ComputeDevice(903)))
        .doesNotThrowAnyException();
  }
}
