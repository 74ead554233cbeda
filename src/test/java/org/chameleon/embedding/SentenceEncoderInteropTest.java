package org.chameleon.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.Python;
import org.chameleon.Reference;
import org.chameleon.RunConfig;
import org.chameleon.TestSpark;
import org.chameleon.TinyRun;
import org.chameleon.model.Checkpoint;
import org.chameleon.model.Checkpoint.TokenizerNeed;
import org.chameleon.model.ComputeDevice;
import org.chameleon.model.Pooling;
import org.chameleon.model.Precision;
import org.chameleon.model.Tokenizer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sentence encoders, tokenizers and modules of other libraries, on 200 real sentences. */
@Tag("interop")
class SentenceEncoderInteropTest {
  private static final Configuration HADOOP = new Configuration();

  @TempDir static Path folder;
  private static JsonNode expected;

  @BeforeAll
  static void make() throws Exception {
    Python.lastLine("model", "sentence_encoders.py", folder);
    expected = new ObjectMapper().readTree(folder.resolve("expected.json").toFile());
  }

  @ParameterizedTest
  @ValueSource(strings = {"MiniLM", "cls-dense", "last-plain", "mean-tanh"})
  void embeddingsAreThoseOfSentenceTransformers(String name) {
    JsonNode encoder = expected.get("encoders").get(name);
    Checkpoint checkpoint = open(encoder.get("directory").asText());
    float[][] found = embed(checkpoint, Reading.of(checkpoint, config()));
    double[][] theirs = Reference.matrix(encoder.get("embeddings"));
    assertThat(found).hasNumberOfRows(200);
    for (int i = 0; i < found.length; i++) {
      assertThat(cosine(doubles(found[i]), theirs[i])).isGreaterThan(0.99999);
      assertThat(length(found[i])).isCloseTo(length(theirs[i]), within(1e-4 * length(theirs[i])));
      assertThat(nearest(doubles(found), i)).isEqualTo(nearest(theirs, i));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"wordpiece", "unigram", "byte-fallback", "byte-level"})
  void tokensAreThoseOfTokenizers(String kind) throws Exception {
    Tokenizer tokenizer = Tokenizer.of(Files.readString(folder.resolve(kind + ".json")));
    JsonNode ids = expected.get("tokenizers").get(kind);
    List<String> texts = texts("sentences");
    texts.addAll(texts("odd"));
    for (int i = 0; i < texts.size(); i++) {
      assertThat(tokenizer.encode(texts.get(i))).as(texts.get(i)).isEqualTo(ids(ids, "bare", i));
    }
    Tokenizer.Around around = tokenizer.around();
    for (int i = 0; i < ids.get("enclosed").size(); i++) {
      List<Integer> all = new ArrayList<>(around.before());
      IntStream.of(ids(ids, "bare", i)).forEach(all::add);
      all.addAll(around.behind());
      assertThat(all).containsExactly(boxed(ids(ids, "enclosed", i)));
    }
  }

  @Test
  void aTracedModuleGivesWhatItsCheckpointDoes() {
    Checkpoint module =
        Checkpoint.openModule(folder.resolve("module").toString(), TokenizerNeed.REQUIRED, HADOOP);
    Checkpoint checkpoint = open(folder.resolve("bert").toString());
    Reading last =
        new Reading(3, Pooling.MEAN, List.of(), false, Tokenizer.of(module.tokenizer()).around());
    float[][] theirs = embed(module, Reading.of(module, config()));
    float[][] ours = embed(checkpoint, last);
    double worst = 0;
    for (int i = 0; i < ours.length; i++) {
      for (int j = 0; j < ours[i].length; j++) {
        worst = Math.max(worst, Math.abs(ours[i][j] - theirs[i][j]));
      }
    }
    assertThat(worst).isLessThan(3e-5);
  }

  @Test
  void theWholeJobRunsWithASentenceEncoderAndTrainsNothing(@TempDir Path run) {
    TinyRun done =
        TinyRun.withCorpus(run)
            .with("proxy.checkpoint", expected.at("/encoders/MiniLM/directory").asText())
            .run();
    assertThat(done.problems()).isEmpty();
    assertThat(done.file("proxy/1_Pooling/config.json")).exists();
    assertThat(done.file("proxy/training.json")).doesNotExist();
    assertThat(done.json("mixture.json").get("domains")).hasSize(4);
    List<Float> embedding =
        TestSpark.session()
            .read()
            .parquet(done.file("embedding/samples").toString())
            .head()
            .getList(2);
    double[] values = embedding.stream().mapToDouble(Float::doubleValue).toArray();
    assertThat(length(values)).isCloseTo(1, within(1e-4));
  }

  private static EmbeddingConfig config() {
    return RunConfig.defaultEmbedding();
  }

  private static Checkpoint open(String directory) {
    return Checkpoint.open(directory, TokenizerNeed.REQUIRED, HADOOP);
  }

  private static float[][] embed(Checkpoint checkpoint, Reading reading) {
    Tokenizer tokenizer = Tokenizer.of(checkpoint.tokenizer());
    List<int[]> windows = new ArrayList<>();
    int most = Math.min(checkpoint.context(), 80) - reading.around().count();
    for (String text : texts("sentences")) {
      int[] ids = tokenizer.encode(text);
      windows.add(Arrays.copyOf(ids, Math.min(ids.length, most)));
    }
    Precision precision = checkpoint.isModule() ? Precision.AUTO : Precision.FLOAT32;
    try (ProxyEncoder encoder =
        ProxyEncoder.of(checkpoint, reading, precision, ComputeDevice.CPU, HADOOP)) {
      List<float[]> rows = new ArrayList<>();
      for (int i = 0; i < windows.size(); i += 16) {
        rows.addAll(
            Arrays.asList(encoder.embed(windows.subList(i, Math.min(windows.size(), i + 16)))));
      }
      return rows.toArray(float[][]::new);
    }
  }

  private static List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    expected.get(key).forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private static int[] ids(JsonNode all, String key, int index) {
    return StreamSupport.stream(all.get(key).get(index).spliterator(), false)
        .mapToInt(JsonNode::asInt)
        .toArray();
  }

  private static Integer[] boxed(int[] ids) {
    return IntStream.of(ids).boxed().toArray(Integer[]::new);
  }

  private static int nearest(double[][] rows, int of) {
    return IntStream.range(0, rows.length)
        .filter(i -> i != of)
        .boxed()
        .max((a, b) -> Double.compare(cosine(rows[of], rows[a]), cosine(rows[of], rows[b])))
        .orElseThrow();
  }

  private static double cosine(double[] a, double[] b) {
    double product = 0;
    for (int i = 0; i < a.length; i++) {
      product += a[i] * b[i];
    }
    return product / length(a) / length(b);
  }

  private static double length(float[] a) {
    return length(doubles(a));
  }

  private static double length(double[] a) {
    return Math.sqrt(Arrays.stream(a).map(x -> x * x).sum());
  }

  private static double[][] doubles(float[][] rows) {
    return Arrays.stream(rows).map(SentenceEncoderInteropTest::doubles).toArray(double[][]::new);
  }

  private static double[] doubles(float[] row) {
    return IntStream.range(0, row.length).mapToDouble(i -> row[i]).toArray();
  }
}
