package org.chameleon.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.chameleon.config.InvalidInputException;

/**
 * A safetensors file on local disk: 8 bytes of header length, a JSON header, then the tensors. Each
 * is mapped and converted to float32 only when it is read.
 */
public final class Safetensors {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Bytes that are mapped at once; whole values of every type. */
  private static final int STEP = 1 << 28;

  private final Path file;
  private final SafetensorsHeader header;

  private Safetensors(Path file, SafetensorsHeader header) {
    this.file = file;
    this.header = header;
  }

  /** Values in row-major order. */
  @SuppressWarnings("ArrayRecordComponent") // weights are never compared
  public record Tensor(long[] shape, float[] values) implements Serializable {
    /** Refuses values that do not fill the shape. */
    public Tensor {
      if (Arrays.stream(shape).reduce(1, (a, b) -> a * b) != values.length) {
        throw new IllegalArgumentException(
            values.length + " values for shape " + Arrays.toString(shape));
      }
    }
  }

  /**
   * Reads the header of a file.
   *
   * @throws InvalidInputException if it is no safetensors file, cut short, or contradicts itself
   */
  public static Safetensors open(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      SafetensorsHeader header =
          SafetensorsHeader.read(
              file.toString(), channel.size(), (at, count) -> bytes(channel, at, count));
      return new Safetensors(file, header);
    } catch (IOException e) {
      throw new InvalidInputException(
          "Cannot read weights from %s: %s. Copy the checkpoint again."
              .formatted(file, e.getMessage()),
          e);
    }
  }

  private static byte[] bytes(FileChannel channel, long at, int count) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(count);
    while (into.hasRemaining()) {
      if (channel.read(into, at + into.position()) < 0) {
        throw new IOException("it is cut short");
      }
    }
    return into.array();
  }

  /** Returns the names of all tensors. */
  public Set<String> names() {
    return header.entries().keySet();
  }

  /** Returns the sizes of a tensor's dimensions. */
  public long[] shape(String name) {
    return header.entries().get(name).shape().stream().mapToLong(Long::longValue).toArray();
  }

  /** Returns whether tensors of a type can be read as float32. */
  static boolean isReadable(String type) {
    return List.of("F64", "F32", "F16", "BF16").contains(type);
  }

  /**
   * Reads one tensor as float32.
   *
   * @throws InvalidInputException if its type is no float, it has 2^31 values or more, or one of
   *     them is not finite
   */
  public Tensor read(String name) {
    SafetensorsHeader.Entry entry = header.entries().get(name);
    if (!isReadable(entry.type())) {
      throw refused(name, "its type " + entry.type() + " is not F64, F32, F16 or BF16");
    }
    long[] shape = shape(name);
    long count = LongStream.of(shape).reduce(1, Math::multiplyExact);
    if (count > Integer.MAX_VALUE - 8) {
      throw refused(name, "it has " + count + " values, more than 2147483639");
    }
    float[] values = new float[(int) count];
    long bytes = entry.end() - entry.begin();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      for (long at = 0; at < bytes; at += STEP) {
        ByteBuffer part =
            channel
                .map(
                    FileChannel.MapMode.READ_ONLY,
                    header.start() + entry.begin() + at,
                    Math.min(STEP, bytes - at))
                .order(ByteOrder.LITTLE_ENDIAN);
        convert(part, entry.type(), values, (int) (at / (bytes / count)));
      }
    } catch (IOException e) {
      throw new InvalidInputException("Cannot read " + file + ": " + e.getMessage(), e);
    }
    requireFinite(name, values);
    return new Tensor(shape, values);
  }

  private static void convert(ByteBuffer part, String type, float[] values, int at) {
    if (type.equals("F32")) {
      FloatBuffer floats = part.asFloatBuffer();
      floats.get(values, at, floats.remaining());
      return;
    }
    for (int i = at; part.hasRemaining(); i++) {
      values[i] =
          switch (type) {
            case "F64" -> (float) part.getDouble();
            case "BF16" -> Float.intBitsToFloat(part.getShort() << 16);
            default -> half(part.getShort());
          };
    }
  }

  private static float half(short bits) {
    int exponent = (bits >> 10) & 0x1f;
    int fraction = bits & 0x3ff;
    float magnitude =
        exponent == 0
            ? fraction * 0x1p-24f
            : exponent == 31
                ? (fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN)
                : Float.intBitsToFloat(((exponent + 112) << 23) | (fraction << 13));
    return bits < 0 ? -magnitude : magnitude;
  }

  private void requireFinite(String name, float[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw refused(name, "value " + i + " is " + values[i]);
      }
    }
  }

  private InvalidInputException refused(String name, String why) {
    return new InvalidInputException(
        "Cannot use tensor '%s' of %s: %s. Use a checkpoint with finite floating-point weights."
            .formatted(name, file, why));
  }

  /** Writes float32 tensors, by name, with the metadata that {@code transformers} expects. */
  public static void write(Map<String, Tensor> tensors, OutputStream out) throws IOException {
    ObjectNode header = JSON.createObjectNode();
    header.putObject("__metadata__").put("format", "pt");
    long offset = 0;
    for (Map.Entry<String, Tensor> entry : new TreeMap<>(tensors).entrySet()) {
      ObjectNode tensor = header.putObject(entry.getKey());
      tensor.put("dtype", "F32");
      ArrayNode shape = tensor.putArray("shape");
      Arrays.stream(entry.getValue().shape()).forEach(shape::add);
      long end = offset + 4L * entry.getValue().values().length;
      tensor.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    byte[] json = JSON.writeValueAsBytes(header);
    int padded = (json.length + 7) / 8 * 8;
    ByteBuffer start = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
    start.putLong(padded).put(json);
    Arrays.fill(start.array(), 8 + json.length, 8 + padded, (byte) ' ');
    out.write(start.array());
    for (Tensor tensor : new TreeMap<>(tensors).values()) {
      ByteBuffer bytes =
          ByteBuffer.allocate(4 * tensor.values().length).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(tensor.values());
      out.write(bytes.array());
    }
  }
}
