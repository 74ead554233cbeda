package org.chameleon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The golden numbers, made with PyTorch and transformers; {@code reference/README.md} says how. */
public final class Reference {
  private static final Path FOLDER = Path.of("src/test/resources/reference").toAbsolutePath();

  private Reference() {}

  /** Returns a file or folder of the reference. */
  public static Path path(String name) {
    return FOLDER.resolve(name);
  }

  /** Returns a JSON file of the reference. */
  public static JsonNode json(String name) {
    try {
      return new ObjectMapper().readTree(path(name).toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns an array of numbers. */
  public static double[] numbers(JsonNode array) {
    double[] result = new double[array.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = array.get(i).asDouble();
    }
    return result;
  }

  /** Returns an array of arrays of numbers. */
  public static double[][] matrix(JsonNode array) {
    double[][] result = new double[array.size()][];
    for (int i = 0; i < result.length; i++) {
      result[i] = numbers(array.get(i));
    }
    return result;
  }

  /** Returns windows of token ids. */
  public static List<int[]> windows(JsonNode array) {
    List<int[]> windows = new ArrayList<>();
    for (JsonNode window : array) {
      int[] ids = new int[window.size()];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = window.get(i).asInt();
      }
      windows.add(ids);
    }
    return windows;
  }
}
