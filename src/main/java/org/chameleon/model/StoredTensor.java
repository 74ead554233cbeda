package org.chameleon.model;

import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.chameleon.config.InvalidInputException;

/** A tensor in a safetensors file on local disk, mapped part by part when it is read. */
public final class StoredTensor {
  /** The types that are read, and as which PyTorch is given them: DJL knows no bfloat16. */
  static final Map<String, DataType> TYPES =
      Map.of(
          "F64", DataType.FLOAT64,
          "F32", DataType.FLOAT32,
          "F16", DataType.FLOAT16,
          "BF16", DataType.FLOAT32);

  /** Bytes that are mapped at once; whole values of every type. */
  private static final int STEP = 1 << 25;

  private final Path file;
  private final String shown;
  private final String name;
  private final SafetensorsHeader.Entry entry;
  private final long start;

  StoredTensor(Path file, SafetensorsHeader header, String name) {
    this.file = file;
    this.shown = header.file();
    this.name = name;
    this.entry = header.entries().get(name);
    this.start = header.start() + entry.begin();
    if (!TYPES.containsKey(entry.type())) {
      throw refused(
          "its type " + SafetensorsHeader.shown(entry.type()) + " is not F64, F32, F16 or BF16");
    }
  }

  /** Returns the type of the values that {@link #parts} hands out. */
  DataType type() {
    return TYPES.get(entry.type());
  }

  private int valueBytes() {
    return switch (entry.type()) {
      case "F64" -> Double.BYTES;
      case "F32" -> Float.BYTES;
      default -> Short.BYTES;
    };
  }

  private long count() {
    return entry.shape().stream().reduce(1L, Math::multiplyExact);
  }

  /** Takes a part of a tensor. */
  @FunctionalInterface
  interface PartReader {
    /**
     * Reads a part.
     *
     * @param bytes of whole values of {@link #type}, little-endian, outside the heap and aligned
     * @param first number of its first value
     */
    void read(ByteBuffer bytes, long first);
  }

  /** Hands out all values in order, part by part. */
  void parts(PartReader reader) {
    long bytes = entry.end() - entry.begin();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() < start + bytes) {
        throw new IOException("it has become shorter");
      }
      for (long at = 0; at < bytes; at += STEP) {
        ByteBuffer part =
            channel.map(FileChannel.MapMode.READ_ONLY, start + at, Math.min(STEP, bytes - at));
        part.order(ByteOrder.LITTLE_ENDIAN);
        reader.read(
            entry.type().equals("BF16") ? widened(part) : aligned(part, start + at),
            at / valueBytes());
      }
    } catch (IOException e) {
      throw new InvalidInputException(
          "Cannot read weights from %s: %s. Copy the checkpoint again."
              .formatted(shown, e.getMessage()),
          e);
    }
  }

  /** A mapping begins on a page, so what is aligned in the file is so in memory. */
  private ByteBuffer aligned(ByteBuffer part, long at) {
    if (at % valueBytes() == 0) {
      return part;
    }
    ByteBuffer copy = ByteBuffer.allocateDirect(part.remaining());
    return copy.put(part).flip().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A value of bfloat16 is the upper half of a float32. */
  private static ByteBuffer widened(ByteBuffer part) {
    ByteBuffer floats =
        ByteBuffer.allocateDirect(2 * part.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    while (part.hasRemaining()) {
      floats.putInt(part.getShort() << 16);
    }
    return floats.flip();
  }

  /**
   * Reads all values as float32.
   *
   * @throws InvalidInputException if it has 2^31 values or more, or one of them is not finite
   */
  public Safetensors.Tensor read() {
    if (count() > Integer.MAX_VALUE - 8) {
      throw refused("it has " + count() + " values, more than 2147483639");
    }
    float[] values = new float[(int) count()];
    parts((bytes, first) -> convert(bytes, values, (int) first));
    for (int i = 0; i < values.length; i++) {
      requireFinite(values[i], i);
    }
    long[] shape = entry.shape().stream().mapToLong(Long::longValue).toArray();
    return new Safetensors.Tensor(shape, values);
  }

  private void convert(ByteBuffer part, float[] values, int at) {
    if (type() == DataType.FLOAT32) {
      FloatBuffer floats = part.asFloatBuffer();
      floats.get(values, at, floats.remaining());
      return;
    }
    for (int i = at; part.hasRemaining(); i++) {
      values[i] = next(part);
    }
  }

  private float next(ByteBuffer part) {
    return switch (type()) {
      case FLOAT64 -> (float) part.getDouble();
      case FLOAT32 -> part.getFloat();
      default -> half(part.getShort());
    };
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

  /** Refuses a part with a value that is not finite as float32. */
  void requireFinite(ByteBuffer part, long first) {
    ByteBuffer values = part.duplicate().order(ByteOrder.LITTLE_ENDIAN).rewind();
    for (long i = first; values.hasRemaining(); i++) {
      requireFinite(next(values), i);
    }
  }

  private void requireFinite(float value, long at) {
    if (!Float.isFinite(value)) {
      throw refused("value " + at + " is " + value);
    }
  }

  /** Returns the refusal of a tensor whose finite values are not finite in a number format. */
  InvalidInputException tooLargeFor(Precision precision) {
    return new InvalidInputException(
        "Cannot use tensor '%s' of %s: it has values too large for %s. Set embedding.precision = float32."
            .formatted(SafetensorsHeader.shown(name), shown, precision));
  }

  private InvalidInputException refused(String why) {
    return new InvalidInputException(
        "Cannot use tensor '%s' of %s: %s. Use a checkpoint with finite floating-point weights."
            .formatted(SafetensorsHeader.shown(name), shown, why));
  }
}
