package org.chameleon.model;

import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import java.util.List;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.chameleon.config.InvalidInputException;

/**
 * The processor or GPU that a task computes on.
 *
 * @param index number of the GPU on its host, or -1 for the processor
 */
public record ComputeDevice(int index) {
  /** The processor. */
  public static final ComputeDevice CPU = new ComputeDevice(-1);

  /** Returns whether this is a GPU. */
  public boolean isGpu() {
    return index >= 0;
  }

  /**
   * Returns the device of the running task: the GPU that Spark assigned to it, else the configured
   * one. {@code auto} is the first GPU that the PyTorch library can use, else the processor; a GPU
   * that was assigned or asked for is never replaced by the processor.
   *
   * @param configured {@code auto}, {@code cpu}, {@code gpu} or {@code gpu:N}
   * @throws InvalidInputException if a GPU is asked for and this JVM can use none
   */
  public static ComputeDevice ofTask(String configured) {
    TaskContext task = TaskContext.get();
    Map<String, ResourceInformation> assigned = task == null ? Map.of() : task.resourcesJMap();
    if (configured.equals("cpu")) {
      return CPU;
    }
    if (assigned.containsKey("gpu")) {
      String address = assigned.get("gpu").addresses()[0];
      return gpu(index(address), "Spark assigned GPU " + address + " to this task");
    }
    if (configured.equals("auto")) {
      return ModelProgram.engine().getGpuCount() > 0 ? new ComputeDevice(0) : CPU;
    }
    int index = configured.equals("gpu") ? 0 : Integer.parseInt(configured.substring(4));
    return gpu(index, "embedding.device is " + configured);
  }

  /** Returns whether a configuration may name this device. */
  public static boolean isName(String name) {
    return name.matches("auto|cpu|gpu|gpu:\\d{1,3}");
  }

  /** A GPU's number, or, where discovery reports UUIDs, its place among the visible ones. */
  private static int index(String address) {
    if (address.matches("\\d{1,4}")) {
      return Integer.parseInt(address);
    }
    String visible = System.getenv().getOrDefault("CUDA_VISIBLE_DEVICES", "");
    int index = List.of(visible.split(",")).indexOf(address);
    if (index < 0) {
      throw new InvalidInputException(
          ("Cannot compute on GPU '%s', which Spark assigned to this task: it is neither a number nor"
                  + " in CUDA_VISIBLE_DEVICES ('%s'). Correct the discovery script.")
              .formatted(address, visible));
    }
    return index;
  }

  private static ComputeDevice gpu(int index, String why) {
    int usable = ModelProgram.engine().getGpuCount();
    if (index >= usable) {
      throw new InvalidInputException(
          ("Cannot compute on a GPU: %s, but the PyTorch library of this executor can use %d. Give it"
                  + " a CUDA build of the library, or set embedding.device = cpu.")
              .formatted(why, usable));
    }
    return new ComputeDevice(index);
  }

  /**
   * Returns the compute capability of a GPU, major and minor version in one, such as {@code 86};
   * empty where the CUDA runtime does not tell.
   */
  String computeCapability() {
    try {
      return CudaUtils.getComputeCapability(index);
    } catch (RuntimeException | LinkageError e) {
      return "";
    }
  }

  /** Returns the device in DJL's terms. */
  Device djl() {
    return isGpu() ? Device.gpu(index) : Device.cpu();
  }

  @Override
  public String toString() {
    return isGpu() ? "gpu:" + index : "cpu";
  }
}
