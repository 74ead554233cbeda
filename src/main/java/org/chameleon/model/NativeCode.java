package org.chameleon.model;

import ai.djl.engine.Engine;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.chameleon.config.InvalidInputException;

/** The native libraries of this process, loaded at first use, with nothing fetched for it. */
public final class NativeCode {
  private static final String PYTORCH_FIX =
      "Give spark.jars (or --jars) the pytorch-native jar of the executors' platform, or set"
          + " PYTORCH_LIBRARY_PATH to an unpacked library on every host (spark.executorEnv.*).";
  private static final String TOKENIZERS_FIX =
      "Give spark.jars (or --jars) a tokenizers jar with the executors' platform in it, or set"
          + " RUST_LIBRARY_PATH.";

  private static final Map<String, String> FAILURES = new HashMap<>();

  private static boolean prepared;

  private NativeCode() {}

  /**
   * Returns the PyTorch engine.
   *
   * @throws InvalidInputException if its library cannot be loaded; the message says what to give
   */
  public static synchronized Engine pytorch() {
    prepare();
    return loaded("PyTorch", PYTORCH_FIX, () -> Engine.getEngine("PyTorch"));
  }

  /**
   * Loads the tokenizers' library.
   *
   * @throws InvalidInputException if it cannot be loaded
   */
  public static synchronized void tokenizers() {
    prepare();
    loaded(
        "the tokenizers",
        TOKENIZERS_FIX,
        () -> {
          LibUtils.checkStatus();
          return true;
        });
  }

  /** DJL fetches missing pieces and calls home unless it is told not to, before its first use. */
  private static void prepare() {
    if (!prepared) {
      System.setProperty("ai.djl.offline", "true");
      System.setProperty("OPT_OUT_TRACKING", "true");
      PrivateFolder.ofNativeCode();
      prepared = true;
    }
  }

  /** A class that failed to load says why only once: that is kept. */
  private static <T> T loaded(String library, String fix, Supplier<T> load) {
    try {
      return load.get();
    } catch (RuntimeException | LinkageError e) {
      String failure = FAILURES.computeIfAbsent(library, name -> refusal(name, fix, e));
      throw new InvalidInputException(failure, e);
    }
  }

  /** Returns what to tell of a library that did not load. */
  static String refusal(String library, String fix, Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String reason = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    if (reason.startsWith("Offline mode is enabled")) {
      reason = "there is no native library for this platform on the class path";
    }
    return "Cannot load %s: %s. %s".formatted(library, reason, fix);
  }
}
