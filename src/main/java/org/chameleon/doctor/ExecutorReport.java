package org.chameleon.doctor;

import java.io.Serializable;
import java.util.List;

/**
 * What one JVM can compute with, as a task found it.
 *
 * @param executor id of the executor, {@code driver} in local mode
 * @param host it runs on
 * @param cores that Spark gives it
 * @param heapBytes largest heap
 * @param nativeBytes what the machine or container allows beside the heap, or -1 if unknown
 * @param java version of the virtual machine
 * @param spark version on its class path
 * @param pytorch version of the native library, or why it cannot be loaded
 * @param usable whether the library could be loaded
 * @param gpusOfLibrary GPUs that the library can use
 * @param gpusOfTask addresses of the GPUs that Spark gave the task
 * @param device that a task would compute on, or why none can be had
 * @param precision of matrix products, empty if there is no device
 * @param threads of a task's computation
 * @param processor vector instructions that PyTorch's kernels can use
 */
public record ExecutorReport(
    String executor,
    String host,
    int cores,
    long heapBytes,
    long nativeBytes,
    String java,
    String spark,
    String pytorch,
    boolean usable,
    int gpusOfLibrary,
    List<String> gpusOfTask,
    String device,
    String precision,
    int threads,
    String processor)
    implements Serializable {}
