package org.chameleon.embedding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.Reference;
import org.chameleon.model.Checkpoint;
import org.chameleon.model.Checkpoint.TokenizerNeed;
import org.chameleon.model.ComputeDevice;
import org.chameleon.model.Pooling;
import org.chameleon.model.Precision;
import org.chameleon.model.Safetensors;
import org.chameleon.model.Tokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files larger than the heap and than what one array or one mapping holds; most of them a hole. */
class LargeCheckpointTest {
  @TempDir private Path folder;

  /** Opens a checkpoint and prints the embeddings of a hidden state, and what the process took. */
  static final class Child {
    public static void main(String[] arguments) throws IOException {
      Configuration hadoop = new Configuration();
      Checkpoint proxy = Checkpoint.open(arguments[0], TokenizerNeed.REQUIRED, hadoop);
      int layer = Integer.parseInt(arguments[1]);
      proxy.requireUsable(8, 0, hadoop);
      List<int[]> windows = Reference.windows(new ObjectMapper().readTree(arguments[2]));
      Reading reading = new Reading(layer, Pooling.MEAN, List.of(), false, Tokenizer.Around.NONE);
      try (ProxyEncoder encoder =
          ProxyEncoder.of(proxy, reading, Precision.FLOAT32, ComputeDevice.CPU, hadoop)) {
        ObjectNode said = new ObjectMapper().createObjectNode();
        said.put("heap", Runtime.getRuntime().maxMemory());
        Path status = Path.of("/proc/self/status");
        if (Files.exists(status)) {
          said.put("peak", 1024 * number(Files.readString(status), "VmHWM:\\s*(\\d+) kB"));
        }
        for (float[] embedding : encoder.embed(windows)) {
          said.withArray("embeddings").addPOJO(embedding);
        }
        System.out.println(said);
      }
    }

    private static long number(String text, String pattern) {
      return Pattern.compile(pattern)
          .matcher(text)
          .results()
          .mapToLong(found -> Long.parseLong(found.group(1)))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void weightsBehindFourGibibytesAreReadWithASmallHeap() throws Exception {
    Safetensors reference = Safetensors.open(Reference.path("gpt2/model.safetensors"));
    try (Sparse file = new Sparse(folder.resolve("model.safetensors"))) {
      file.declare("unused", "F32", 1_100_000_000);
      for (String name : reference.names()) {
        Safetensors.Tensor tensor = reference.read(name);
        file.declare(name, "F32", tensor.shape());
      }
      file.writeHeader();
      for (String name : reference.names()) {
        float[] values = reference.read(name).values();
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        file.write(name, 0, bytes.array());
      }
      assertThat(file.length()).isGreaterThan(1L << 32);
    }
    Files.copy(Reference.path("gpt2/config.json"), folder.resolve("config.json"));
    JsonNode said = child(512, 2, Reference.json("windows.json").get("ragged"));
    double[][] found = Reference.matrix(said.get("embeddings"));
    double[][] expected = Reference.matrix(Reference.json("gpt2.golden.json").get("ragged"));
    assertThat(found).hasDimensions(expected.length, expected[0].length);
    for (int i = 0; i < found.length; i++) {
      for (int j = 0; j < found[i].length; j++) {
        assertThat(found[i][j]).isCloseTo(expected[i][j], within(3e-5));
      }
    }
  }

  @Test
  void anEmbeddingLargerThanTheHeapIsReadPartByPart() throws Exception {
    int width = 2800;
    int vocabulary = 55_000;
    try (Sparse file = new Sparse(folder.resolve("model.safetensors"))) {
      file.declare("wpe.weight", "F16", 8, width);
      file.declare("wte.weight", "F16", vocabulary, width);
      file.declare("h.0.ln_1.weight", "F16", width);
      file.declare("h.0.ln_1.bias", "F16", width);
      file.declare("h.0.attn.c_attn.weight", "F16", width, 3L * width);
      file.declare("h.0.attn.c_attn.bias", "F16", 3L * width);
      file.declare("h.0.attn.c_proj.weight", "F16", width, width);
      file.declare("h.0.attn.c_proj.bias", "F16", width);
      file.declare("h.0.ln_2.weight", "F16", width);
      file.declare("h.0.ln_2.bias", "F16", width);
      file.declare("h.0.mlp.c_fc.weight", "F16", width, 4);
      file.declare("h.0.mlp.c_fc.bias", "F16", 4);
      file.declare("h.0.mlp.c_proj.weight", "F16", 4, width);
      file.declare("h.0.mlp.c_proj.bias", "F16", width);
      file.declare("ln_f.weight", "F16", width);
      file.declare("ln_f.bias", "F16", width);
      file.writeHeader();
      // 1, 1.5 and 2 in float16.
      file.write("wpe.weight", 0, halves(0x3c00, width));
      file.write("wte.weight", 33_333L * width * 2, halves(0x3e00, width));
      file.write("wte.weight", (vocabulary - 1L) * width * 2, halves(0x4000, width));
      assertThat(file.length()).isGreaterThan(256L << 20);
    }
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"model_type": "gpt2", "n_layer": 1, "n_embd": %d, "n_inner": 4, "n_head": 4,
         "n_positions": 8, "vocab_size": %d}
        """
            .formatted(width, vocabulary));
    JsonNode said =
        child(256, 0, new ObjectMapper().readTree("[[0], [33332], [33333], [33334], [54999]]"));
    double[][] found = Reference.matrix(said.get("embeddings"));
    double[] expected = {1, 1, 2.5, 1, 3};
    for (int i = 0; i < expected.length; i++) {
      double wanted = expected[i];
      assertThat(Arrays.stream(found[i])).hasSize(width).allMatch(value -> value == wanted);
    }
    if (said.has("peak")) {
      // Its values as float32 are 0.6 GB; libraries and heap come on top.
      assertThat(said.get("peak").asLong()).isLessThan(2_000_000_000L);
    }
  }

  private static byte[] halves(int bits, int count) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * count).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      bytes.putShort((short) bits);
    }
    return bytes.array();
  }

  private JsonNode child(int heap, int layer, JsonNode windows)
      throws IOException, InterruptedException {
    Files.copy(Reference.path("gpt2/tokenizer.json"), folder.resolve("tokenizer.json"));
    Path err = folder.resolve("err");
    Process process =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "@submit/java-17.options",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx" + heap + "m",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                folder.toString(),
                Integer.toString(layer),
                windows.toString())
            .redirectError(err.toFile())
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(() -> text(err)).isZero();
    JsonNode json = new ObjectMapper().readTree(said.substring(said.indexOf('{')));
    assertThat(json.get("heap").asLong()).isLessThanOrEqualTo((long) heap << 20);
    return json;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** A safetensors file of tensors that are zero where nothing is written. */
  private static final class Sparse implements AutoCloseable {
    private final RandomAccessFile file;
    private final ObjectNode header = new ObjectMapper().createObjectNode();
    private long end;
    private long start;

    Sparse(Path path) throws IOException {
      file = new RandomAccessFile(path.toFile(), "rw");
    }

    void declare(String name, String type, long... shape) {
      ObjectNode tensor = header.putObject(name).put("dtype", type);
      Arrays.stream(shape).forEach(tensor.putArray("shape")::add);
      long bytes = Arrays.stream(shape).reduce(type.equals("F32") ? 4 : 2, Math::multiplyExact);
      tensor.putArray("data_offsets").add(end).add(end + bytes);
      end += bytes;
    }

    void writeHeader() throws IOException {
      byte[] json = header.toString().getBytes(UTF_8);
      ByteBuffer first = ByteBuffer.allocate(8 + json.length).order(ByteOrder.LITTLE_ENDIAN);
      file.write(first.putLong(json.length).put(json).array());
      start = 8L + json.length;
      file.setLength(start + end);
    }

    void write(String name, long at, byte[] bytes) throws IOException {
      file.seek(start + header.get(name).get("data_offsets").get(0).asLong() + at);
      file.write(bytes);
    }

    long length() throws IOException {
      return file.length();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
