package org.chameleon.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.chameleon.config.InvalidInputException;

/**
 * A safetensors file on local disk: 8 bytes of header length, a JSON header, then the tensors. Each
 * is mapped only when it is read.
 */
public final class Safetensors {
  private static final ObjectMapper JSON = new ObjectMapper();

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
    return open(file, file.toString());
  }

  /** As {@link #open(Path)}, of a file that messages call something else. */
  static Safetensors open(Path file, String name) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      SafetensorsHeader header =
          SafetensorsHeader.read(name, channel.size(), (at, count) -> bytes(channel, at, count));
      return new Safetensors(file, header);
    } catch (IOException e) {
      throw new InvalidInputException(
          "Cannot read weights from %s: %s. Copy the checkpoint again."
              .formatted(name, e.getMessage()),
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
    return StoredTensor.TYPES.containsKey(type);
  }

  /** Returns one tensor, of which nothing is read yet. */
  StoredTensor tensor(String name) {
    return new StoredTensor(file, header, name);
  }

  /**
   * Reads one tensor as float32.
   *
   * @throws InvalidInputException if its type is no float, it has 2^31 values or more, or one of
   *     them is not finite
   */
  public Tensor read(String name) {
    return tensor(name).read();
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
