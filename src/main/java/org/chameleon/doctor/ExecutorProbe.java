package org.chameleon.doctor;

import ai.djl.engine.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.chameleon.cluster.Computed;
import org.chameleon.config.InvalidInputException;
import org.chameleon.model.ComputeDevice;
import org.chameleon.model.ModelProgram;
import org.chameleon.model.NativeCode;
import org.chameleon.model.Precision;

/** Looks around in the JVM of the running task. */
final class ExecutorProbe {
  private ExecutorProbe() {}

  /**
   * Returns what stops this JVM from computing, empty if nothing does.
   *
   * @param device {@code embedding.device}
   */
  static String problem(String device) {
    try {
      NativeCode.tokenizers();
      NativeCode.pytorch();
      ComputeDevice.ofTask(device);
      return "";
    } catch (InvalidInputException e) {
      return e.getMessage();
    }
  }

  /**
   * Returns what this JVM computes on, if it can.
   *
   * @param device {@code embedding.device}
   * @param precision {@code embedding.precision}
   */
  static Computed computed(String device, Precision precision) {
    ComputeDevice chosen = ComputeDevice.ofTask(device);
    return new Computed(chosen.toString(), precision.on(chosen).toString());
  }

  /**
   * Returns what there is. A library that does not load is part of the report, not a failure.
   *
   * @param configured {@code embedding.device}
   * @param precision {@code embedding.precision}
   */
  static ExecutorReport look(String configured, Precision precision) {
    String pytorch;
    boolean usable = true;
    int gpus = 0;
    try {
      Engine engine = ModelProgram.engine();
      pytorch = engine.getVersion();
      gpus = engine.getGpuCount();
    } catch (InvalidInputException e) {
      usable = false;
      pytorch = e.getMessage();
    }
    String device = "none";
    String products = "";
    if (usable) {
      try {
        ComputeDevice chosen = ComputeDevice.ofTask(configured);
        device = chosen.toString();
        products = precision.on(chosen).toString();
      } catch (InvalidInputException e) {
        device = e.getMessage();
      }
    }
    long heap = Runtime.getRuntime().maxMemory();
    long memory = memory();
    return new ExecutorReport(
        SparkEnv.get().executorId(),
        SparkEnv.get().blockManager().blockManagerId().host(),
        SparkEnv.get()
            .conf()
            .getInt("spark.executor.cores", Runtime.getRuntime().availableProcessors()),
        heap,
        memory < 0 ? -1 : Math.max(0, memory - heap),
        System.getProperty("java.version"),
        org.apache.spark.package$.MODULE$.SPARK_VERSION(),
        pytorch,
        usable,
        gpus,
        assigned(),
        device,
        products,
        Math.max(1, TaskContext.get().cpus()),
        processor());
  }

  private static List<String> assigned() {
    Map<String, ResourceInformation> resources = TaskContext.get().resourcesJMap();
    return resources.containsKey("gpu") ? List.of(resources.get("gpu").addresses()) : List.of();
  }

  /** Bytes that the container allows, else that the machine has; -1 where neither can be read. */
  private static long memory() {
    for (String limit :
        List.of("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")) {
      String text = text(limit).strip();
      if (text.matches("\\d{1,15}")) {
        return Long.parseLong(text);
      }
    }
    return text("/proc/meminfo")
        .lines()
        .filter(line -> line.startsWith("MemTotal:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElse(-1);
  }

  private static String processor() {
    String flags = text("/proc/cpuinfo");
    return List.of("amx_bf16", "avx512_bf16", "avx512f", "avx2", "asimd").stream()
        .filter(flags::contains)
        .findFirst()
        .orElse(System.getProperty("os.arch"));
  }

  private static String text(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      return "";
    }
  }
}
