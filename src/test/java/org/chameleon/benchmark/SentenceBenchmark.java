package org.chameleon.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.RunConfig;
import org.chameleon.embedding.ProxyEncoder;
import org.chameleon.embedding.Reading;
import org.chameleon.model.Checkpoint;
import org.chameleon.model.Checkpoint.TokenizerNeed;
import org.chameleon.model.ComputeDevice;
import org.chameleon.model.ModelProgram;
import org.chameleon.model.Precision;
import org.chameleon.model.Tokenizer;

/**
 * Sentences per second of a sentence encoder, tokenizing among it, in batches of about one length:
 * {@code DIRECTORY TEXTS REPEATS THREADS PRECISION}. The texts are JSON strings, one a line.
 */
public final class SentenceBenchmark {
  private SentenceBenchmark() {}

  /** Prints the median in sentences per second. */
  public static void main(String[] arguments) throws IOException {
    Configuration hadoop = new Configuration();
    Checkpoint checkpoint = Checkpoint.open(arguments[0], TokenizerNeed.REQUIRED, hadoop);
    ModelProgram.useThreads(Integer.parseInt(arguments[3]));
    Reading reading = Reading.of(checkpoint, RunConfig.defaultEmbedding());
    ProxyEncoder encoder =
        ProxyEncoder.of(
            checkpoint, reading, Precision.valueOf(arguments[4]), ComputeDevice.CPU, hadoop);
    Tokenizer tokenizer = Tokenizer.of(checkpoint.tokenizer());
    ObjectMapper json = new ObjectMapper();
    List<String> texts = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of(arguments[1]))) {
      texts.add(json.readValue(line, String.class));
    }
    int longest = checkpoint.context() - reading.around().count();
    double[] seconds = new double[Integer.parseInt(arguments[2])];
    for (int i = -1; i < seconds.length; i++) {
      long start = System.nanoTime();
      embed(texts, tokenizer, longest, encoder);
      if (i >= 0) {
        seconds[i] = (System.nanoTime() - start) / 1e9;
      }
    }
    Arrays.sort(seconds);
    System.out.printf("%.1f%n", texts.size() / seconds[seconds.length / 2]);
  }

  private static void embed(
      List<String> texts, Tokenizer tokenizer, int longest, ProxyEncoder encoder) {
    List<int[]> windows = new ArrayList<>();
    for (String text : texts) {
      int[] ids = tokenizer.encode(text);
      windows.add(Arrays.copyOf(ids, Math.max(1, Math.min(ids.length, longest))));
    }
    windows.sort(Comparator.comparingInt(ids -> -ids.length));
    int budget = RunConfig.defaultEmbedding().batchTokens();
    int from = 0;
    while (from < windows.size()) {
      int most = Math.max(1, budget / windows.get(from).length);
      int to = Math.min(windows.size(), from + most);
      encoder.embed(windows.subList(from, to));
      from = to;
    }
  }
}
