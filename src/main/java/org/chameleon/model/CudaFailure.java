package org.chameleon.model;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.chameleon.config.InvalidInputException;

/**
 * What a failure of the engine means for a GPU. After most CUDA errors every further call of the
 * process fails too, whoever makes it: the GPU is then lost to this JVM, and said to be.
 */
public final class CudaFailure {
  private static final Pattern LOST =
      Pattern.compile(
          "cuda error|cuda failure|device-side assert|illegal memory access"
              + "|(cublas|cudnn|cusparse)_status_(?!alloc_failed|not_supported)");
  private static final Map<ComputeDevice, String> LOST_DEVICES = new ConcurrentHashMap<>();

  private CudaFailure() {}

  /** Returns whether memory ran out, which smaller batches may avoid. */
  public static boolean isOutOfMemory(Throwable failure) {
    return message(failure).contains("out of memory");
  }

  /** Returns whether a failure leaves the device unusable for this JVM. */
  public static boolean losesDevice(ComputeDevice device, Throwable failure) {
    return device.isGpu() && !isOutOfMemory(failure) && LOST.matcher(message(failure)).find();
  }

  /**
   * Returns what to throw for a failure: itself, unless it loses the device, which is then refused
   * to all who ask for it later.
   */
  public static RuntimeException said(ComputeDevice device, RuntimeException failure) {
    if (!losesDevice(device, failure)) {
      return failure;
    }
    String reason = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    LOST_DEVICES.putIfAbsent(device, reason);
    return new InvalidInputException(refusal(device, reason), failure);
  }

  /**
   * Refuses a device that is lost.
   *
   * @throws InvalidInputException if it is
   */
  public static void requireUsable(ComputeDevice device) {
    String reason = LOST_DEVICES.get(device);
    if (reason != null) {
      throw new InvalidInputException(refusal(device, reason));
    }
  }

  private static String refusal(ComputeDevice device, String reason) {
    return ("Cannot compute on %s any more: %s. Its CUDA context is lost to this process. Restart the"
            + " executor and run again with --resume.")
        .formatted(device, reason.replaceFirst("\\.$", ""));
  }

  private static String message(Throwable failure) {
    return String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
  }
}
