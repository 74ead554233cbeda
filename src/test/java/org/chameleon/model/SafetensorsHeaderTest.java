package org.chameleon.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
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
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 8]}, \"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 8]}} | its header is not JSON (Duplicate field 'a'"
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
        changed[random.nextInt(8 + header)] = (byte) (' ' + random.nextInt(95));
      }
      try {
        SafetensorsHeader.read(
            "m.safetensors",
            reference.length,
            (at, count) -> Arrays.copyOfRange(changed, (int) at, (int) at + count));
      } catch (InvalidInputException e) {
        refused++;
        assertThat(e.getMessage().lines()).hasSize(1);
        assertThat(e.getMessage()).contains("m.safetensors");
      }
    }
    // Most changes hit a name of a tensor, which may be any.
    assertThat(refused).isBetween(500, 1900);
  }
}
