package org.chameleon.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.chameleon.model.Tokenizer;

/**
 * Megabytes of text per second that one thread encodes: {@code TOKENIZER TEXTS REPEATS
 * ours|library}. The texts are JSON strings, one a line. Prints the median, and the number of
 * tokens.
 */
public final class TokenizingBenchmark {
  private TokenizingBenchmark() {}

  /** Prints the median in MB/s. */
  public static void main(String[] arguments) throws IOException {
    Tokenizer tokenizer = Tokenizer.of(Files.readString(Path.of(arguments[0])));
    ObjectMapper json = new ObjectMapper();
    List<String> texts = new ArrayList<>();
    long bytes = 0;
    for (String line : Files.readAllLines(Path.of(arguments[1]))) {
      texts.add(json.readValue(line, String.class));
      bytes += texts.get(texts.size() - 1).getBytes(StandardCharsets.UTF_8).length;
    }
    boolean ours = arguments[3].equals("ours");
    Function<String, int[]> encode = ours ? tokenizer::encode : tokenizer::encodeByLibrary;
    double[] seconds = new double[Integer.parseInt(arguments[2])];
    long tokens = 0;
    for (int i = -1; i < seconds.length; i++) {
      long start = System.nanoTime();
      tokens = texts.stream().mapToLong(text -> encode.apply(text).length).sum();
      if (i >= 0) {
        seconds[i] = (System.nanoTime() - start) / 1e9;
      }
    }
    Arrays.sort(seconds);
    System.out.printf("%.2f %d%n", bytes / 1e6 / seconds[seconds.length / 2], tokens);
  }
}
