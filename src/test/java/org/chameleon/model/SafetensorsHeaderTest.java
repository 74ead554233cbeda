package org.chameleon.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.chameleon.FuzzedJson;
import org.chameleon.Reference;
import org.chameleon.config.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Headers that contradict themselves or their file; all are of 8 bytes of tensors. */
class SafetensorsHeaderTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] | its header is no JSON object",
        "{\"a | its header is not JSON (",
        "{\"a\": 3} | tensor 'a' has no dtype",
        "{\"a\": {}} | tensor 'a' has no dtype",
        "{\"a\": {\"dtype\": 3, \"shape\": [2], \"data_offsets\": [0, 8]}} | tensor 'a' has no dtype",
        "{\"a\": {\"dtype\": \"F32\", \"data_offsets\": [0, 8]}} | tensor 'a' has shape unset, not",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [2]}} | tensor 'a' has data_offsets unset, not",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": 2, \"data_offsets\": [0, 8]}} | tensor 'a' has shape 2, not",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [-2], \"data_offsets\": [0, 8]}} | tensor 'a' has shape [-2], not",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [2.5], \"data_offsets\": [0, 8]}} | tensor 'a' has shape [2.5], not",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0]}} | tensor 'a' has data_offsets [0], not",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [8, 0]}} | tensor 'a' has data_offsets [8,0], not",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 1e30]}} | tensor 'a' has data_offsets [0,1.0E30], not",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [3], \"data_offsets\": [0, 8]}} | tensor 'a' has 8 bytes, but shape [3] of F32",
        "{\"a\": {\"dtype\": \"F16\", \"shape\": [2], \"data_offsets\": [0, 8]}} | tensor 'a' has 8 bytes, but shape [2] of F16",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [4611686018427387904, 4], \"data_offsets\": [0, 8]}} | tensor 'a' has 8 bytes, but",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [3], \"data_offsets\": [0, 12]}} | it ends before tensor 'a' does",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [0, 4]}} | its last 4 bytes belong to no tensor",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [4, 8]}} | 4 bytes before tensor 'a' belong to none",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 8]}, \"b\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [4, 8]}} | tensors 'a' and 'b' overlap",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 8]}, \"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 8]}} | its header is not JSON (Duplicate field 'a'",
        "{\"a\": {\"dtype\": \"F32\", \"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 8]}} | its header is not JSON (Duplicate field 'dtype'",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 8]}} {} | something follows the JSON object in its header",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [-8, 0]}} | tensor 'a' has data_offsets [-8,0], not",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [9223372036854775799, 9223372036854775807]}} | it ends before tensor 'a' does",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 9223372036854775808]}} | tensor 'a' has data_offsets [0,9223372036854775808], not",
        "{\"a\": {\"dtype\": \"F4\", \"shape\": [9], \"data_offsets\": [0, 9]}} | it ends before tensor 'a' does",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 8]}, \"b\": {\"dtype\": \"F32\", \"shape\": [0], \"data_offsets\": [4, 4]}} | tensors 'a' and 'b' overlap",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [0], \"data_offsets\": [9, 9]}} | it ends before tensor 'a' does",
        "{\"a\\nb\\u2028\\u202ec\\ud800\": 1} | tensor 'a?b??c?' has no dtype",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [true], \"data_offsets\": [0, 8]}} | tensor 'a' has shape [true], not"
      })
  void aHeaderThatContradictsItselfIsRefusedWithFileAndTensor(String header, String message)
      throws IOException {
    Path file = folder.resolve("m.safetensors");
    CheckpointFixture.header(file, header, 8);
    assertThatThrownBy(() -> Safetensors.open(file))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Cannot read weights from " + file + ": " + message)
        .hasMessageEndingWith(". Copy the checkpoint again.");
  }

  @Test
  void aHeaderPaddedWithAnythingButSpaceIsRefused() throws IOException {
    String tensor = "{\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 8]}}";
    Path file = folder.resolve("m.safetensors");
    CheckpointFixture.header(file, tensor + " ".repeat(7), 8);
    assertThat(Safetensors.open(file).names()).containsExactly("a");
    CheckpointFixture.header(file, tensor + "\0".repeat(7), 8);
    assertThatThrownBy(() -> Safetensors.open(file))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("its header is not JSON (Illegal character ((CTRL-CHAR, code 0))");
  }

  @Test
  void tensorsOfTypesThatAreNotReadMayLieBesideOthers() throws IOException {
    Path file = folder.resolve("m.safetensors");
    CheckpointFixture.header(
        file,
        ("{\"a\": {\"dtype\": \"F4\", \"shape\": [3, 2], \"data_offsets\": [0, 3]},"
            + " \"b\": {\"dtype\": \"F8_E8M0\", \"shape\": [1], \"data_offsets\": [3, 4]},"
            + " \"c\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [4, 8]}}"),
        8);
    Safetensors read = Safetensors.open(file);
    assertThat(read.read("c").values()).containsExactly(0);
    assertThatThrownBy(() -> read.read("a"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("Cannot use tensor 'a' of " + file + ": its type F4 is not F64");
  }

  @Test
  void namesMayHaveAnyCharacters() throws IOException {
    Path file = folder.resolve("m.safetensors");
    String name = "\u00e4\ud83e\udd8e \\u0000\\n\\\"/../";
    CheckpointFixture.header(
        file,
        "{\"" + name + "\": {\"dtype\": \"F64\", \"shape\": [], \"data_offsets\": [0, 8]}}",
        8);
    assertThat(Safetensors.open(file).names()).containsExactly("\u00e4\ud83e\udd8e \0\n\"/../");
  }

  @Test
  void metadataOfAnyKindIsPassedOver() throws IOException {
    Path file = folder.resolve("m.safetensors");
    String tensor = "\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 8]}}";
    for (String metadata :
        List.of("3", "[[]]", "\"a\"", "{\"b\": {\"c\": [1]}, \"d\": 1}", "{\"e\": \"a\"}")) {
      CheckpointFixture.header(file, "{\"__metadata__\": " + metadata + ", " + tensor, 8);
      assertThat(Safetensors.open(file).read("a").values()).hasSize(2);
    }
  }

  @Test
  void aHeaderThatIsLargeOrDeepIsReadWithoutATreeOfIt() throws IOException {
    String open = "{\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 8]}, \"b\": ";
    String huge = "1,".repeat(5_000_000);
    Map<String, String> headers =
        Map.of(
            open + "[".repeat(10_000_000), "its header is not JSON (",
            "{\"__metadata__\": " + "{\"a\":".repeat(1_000_000), "its header is not JSON (",
            open + "{\"shape\": [" + huge + "1]}}",
                "tensor 'b' is described by 10000014 characters",
            open + tensors(200_001) + "}", "its header names more than 200000 tensors");
    for (Map.Entry<String, String> header : headers.entrySet()) {
      byte[] json = header.getKey().getBytes(StandardCharsets.UTF_8);
      byte[] file =
          ByteBuffer.allocate(8 + json.length + 8)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(json.length)
              .put(json)
              .array();
      assertThatThrownBy(
              () ->
                  SafetensorsHeader.read(
                      "m",
                      file.length,
                      (at, count) -> Arrays.copyOfRange(file, (int) at, (int) at + count)))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageStartingWith("Cannot read weights from m: " + header.getValue());
    }
  }

  private static String tensors(int count) {
    StringBuilder tensors = new StringBuilder();
    String empty = "{\"dtype\": \"U8\", \"shape\": [0], \"data_offsets\": [0, 0]}";
    tensors.append(empty);
    for (int i = 0; i < count; i++) {
      tensors.append(", \"t").append(i).append("\": ").append(empty);
    }
    return tensors.toString();
  }

  @Test
  void aLengthThatNoHeaderHasIsRefused() throws IOException {
    Path file = folder.resolve("m.safetensors");
    for (long length : new long[] {0, -1, 1000, Long.MAX_VALUE}) {
      ByteBuffer content = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN);
      Files.write(file, content.putLong(length).array());
      assertThatThrownBy(() -> Safetensors.open(file))
          .hasMessageContaining(
              "its header would be " + Long.toUnsignedString(length) + " bytes of 100");
    }
  }

  @Test
  void aHeaderWhoseLengthLooksLikeAnotherKindOfFileIsRead() throws IOException {
    Path file = folder.resolve("m.safetensors");
    String tensor = "{\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 8]}}";
    // The length's first bytes are then those of gzip.
    CheckpointFixture.header(file, tensor + " ".repeat(0x8b1f - tensor.length()), 8);
    assertThat(Safetensors.open(file).names()).containsExactly("a");
  }

  @Test
  void emptyTensorsAndScalarsAreSound() throws IOException {
    Path file = folder.resolve("m.safetensors");
    CheckpointFixture.header(
        file,
        "{\"a\": {\"dtype\": \"F64\", \"shape\": [], \"data_offsets\": [0, 8]},"
            + " \"b\": {\"dtype\": \"F32\", \"shape\": [0, 3], \"data_offsets\": [8, 8]}}",
        8);
    Safetensors read = Safetensors.open(file);
    assertThat(read.read("a").values()).containsExactly(0);
    assertThat(read.read("b").values()).isEmpty();
  }

  @Test
  void aHeaderWithAnyBytesChangedIsReadOrRefused() throws IOException {
    byte[] reference = Files.readAllBytes(Reference.path("gpt2/model.safetensors"));
    int header = (int) ByteBuffer.wrap(reference).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
    int refused = 0;
    for (int seed = 0; seed < 2000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] changed = Arrays.copyOf(reference, 8 + header);
      for (int i = 0; i <= random.nextInt(3); i++) {
        changed[random.nextInt(8 + header)] = (byte) random.nextInt(256);
      }
      refused += isRefused(changed, reference.length) ? 1 : 0;
    }
    // Most changes hit a name of a tensor, which may be any.
    assertThat(refused).isBetween(500, 1900);
  }

  @Test
  void aHeaderWithAnyValuesChangedIsReadOrRefused() throws IOException {
    byte[] reference = Files.readAllBytes(Reference.path("gpt2/model.safetensors"));
    int header = (int) ByteBuffer.wrap(reference).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
    JsonNode json = new ObjectMapper().readTree(Arrays.copyOfRange(reference, 8, 8 + header));
    List<String> keys = List.of("dtype", "shape", "data_offsets", "__metadata__", "");
    int refused = 0;
    for (int seed = 0; seed < 2000; seed++) {
      byte[] changed = new FuzzedJson(seed).of(json, keys).getBytes(StandardCharsets.UTF_8);
      ByteBuffer file = ByteBuffer.allocate(8 + changed.length).order(ByteOrder.LITTLE_ENDIAN);
      file.putLong(changed.length).put(changed);
      refused += isRefused(file.array(), file.capacity() + reference.length - 8L - header) ? 1 : 0;
    }
    assertThat(refused).isBetween(1300, 1999);
  }

  private static boolean isRefused(byte[] header, long length) throws IOException {
    try {
      SafetensorsHeader.read(
          "m.safetensors",
          length,
          (at, count) -> Arrays.copyOfRange(header, (int) at, (int) at + count));
      return false;
    } catch (InvalidInputException e) {
      assertThat(e.getMessage().lines()).hasSize(1);
      assertThat(e.getMessage()).contains("m.safetensors").hasSizeLessThan(1000);
      return true;
    }
  }
}
