package org.chameleon.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.chameleon.config.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
  @TempDir private Path folder;

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    Path file = folder.resolve("x.safetensors");
    try (OutputStream out = Files.newOutputStream(file)) {
      Safetensors.write(
          Map.of(
              "a", new Safetensors.Tensor(new long[] {2, 2}, new float[] {1, -2, 3.5f, 1e-40f}),
              "b", new Safetensors.Tensor(new long[] {1}, new float[] {7})),
          out);
    }
    Safetensors read = Safetensors.open(file);
    assertThat(read.names()).containsExactly("a", "b");
    assertThat(read.read("a").values()).containsExactly(1, -2, 3.5f, 1e-40f);
    assertThat(read.read("a").shape()).containsExactly(2, 2);
    assertThat(read.read("b").values()).containsExactly(7);
  }

  @Test
  void halfPrecisionsBecomeFloat32() throws IOException {
    String header =
        "{\"h\": {\"dtype\": \"F16\", \"shape\": [4], \"data_offsets\": [0, 8]},"
            + " \"b\": {\"dtype\": \"BF16\", \"shape\": [2], \"data_offsets\": [8, 12]}}";
    ByteBuffer tail = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    // float16: 1, -2, smallest subnormal, 65504; bfloat16: 1, -3.140625
    tail.putShort((short) 0x3C00)
        .putShort((short) 0xC000)
        .putShort((short) 1)
        .putShort((short) 0x7BFF);
    tail.putShort((short) 0x3F80).putShort((short) 0xC049);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteBuffer length =
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length());
    out.write(length.array());
    out.write(header.getBytes(StandardCharsets.UTF_8));
    out.write(tail.array());
    Path file = folder.resolve("half.safetensors");
    Files.write(file, out.toByteArray());
    Safetensors read = Safetensors.open(file);
    assertThat(read.read("h").values()).containsExactly(1, -2, (float) Math.scalb(1.0, -24), 65504);
    assertThat(read.read("b").values()).containsExactly(1, -3.140625f);
  }

  @Test
  void aFileThatHasBecomeShorterIsRefusedBeforeItIsMapped() throws IOException {
    Path file = folder.resolve("x.safetensors");
    try (OutputStream out = Files.newOutputStream(file)) {
      Safetensors.write(
          Map.of("a", new Safetensors.Tensor(new long[] {2}, new float[] {1, 2})), out);
    }
    Safetensors read = Safetensors.open(file);
    byte[] content = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(content, content.length - 1));
    assertThatThrownBy(() -> read.read("a"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot read weights from %s: it has become shorter. Copy the checkpoint again.", file);
  }
}
