package org.chameleon.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The number format of the matrix products. Residuals, norms and means are always float32. */
public enum Precision {
  /**
   * bfloat16 where the device multiplies it natively (GPUs from compute capability 8.0), else
   * float32.
   */
  AUTO(-1),
  /** 32 bits: what the released code computes in. */
  FLOAT32(6),
  /** 16 bits with the range of float32. */
  BFLOAT16(15);

  private static final int AMPERE = 80;

  private final int scalarType;

  Precision(int scalarType) {
    this.scalarType = scalarType;
  }

  /** Returns PyTorch's number for the format. */
  public int scalarType() {
    if (this == AUTO) {
      throw new IllegalStateException("AUTO has no format until it is resolved for a device");
    }
    return scalarType;
  }

  /** Returns whether oneDNN multiplies it natively here. Tried on x86 alone. */
  boolean isFastByOneDnn() {
    boolean tried = List.of("amd64", "x86_64").contains(System.getProperty("os.arch"));
    return tried && (this == FLOAT32 || processorHasBfloat16());
  }

  /** Returns the format to use on a device: itself, unless it is {@link #AUTO}. */
  public Precision on(ComputeDevice device) {
    if (this != AUTO) {
      return this;
    }
    boolean multiplies =
        device.isGpu() ? gpuHasBfloat16(device.computeCapability()) : processorHasBfloat16();
    return multiplies ? BFLOAT16 : FLOAT32;
  }

  /**
   * Returns whether GPUs of a compute capability multiply bfloat16 natively: from Ampere on.
   *
   * @param capability major and minor version in one, such as {@code 86} or {@code 120}; empty
   *     where it is not known
   */
  static boolean gpuHasBfloat16(String capability) {
    return capability.matches("\\d{2,4}") && Integer.parseInt(capability) >= AMPERE;
  }

  private static boolean processorHasBfloat16() {
    Path flags = Path.of("/proc/cpuinfo");
    if (!Files.isReadable(flags)) {
      return false;
    }
    try {
      String text = Files.readString(flags);
      return text.contains("avx512_bf16") || text.contains("amx_bf16");
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
