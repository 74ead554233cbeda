package org.chameleon.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.chameleon.config.FirstBytes;
import org.chameleon.config.InvalidInputException;
import org.chameleon.config.OneLine;

/**
 * What the header of a safetensors file says, checked as the format's own library does: tensors lie
 * one behind the other, as long as type and shape make them, and fill the file.
 *
 * @param file its name in messages
 * @param start first byte behind the header
 * @param entries what is said of each tensor, by name
 * @param aliases further names of tensors that were saved once for several, and the name of each
 */
record SafetensorsHeader(
    String file, long start, SortedMap<String, Entry> entries, Map<String, String> aliases) {
  private static final int LENGTH_BYTES = 8;
  private static final int MOST_BYTES = 100_000_000;

  /** Bytes of a value, of the types that have whole ones. */
  private static final Map<String, Integer> WIDTHS =
      Map.ofEntries(
          Map.entry("BOOL", 1),
          Map.entry("U8", 1),
          Map.entry("I8", 1),
          Map.entry("F8_E4M3", 1),
          Map.entry("F8_E5M2", 1),
          Map.entry("U16", 2),
          Map.entry("I16", 2),
          Map.entry("F16", 2),
          Map.entry("BF16", 2),
          Map.entry("U32", 4),
          Map.entry("I32", 4),
          Map.entry("F32", 4),
          Map.entry("U64", 8),
          Map.entry("I64", 8),
          Map.entry("F64", 8));

  /**
   * A tensor.
   *
   * @param type of its values, such as {@code BF16}
   * @param shape sizes of its dimensions
   * @param begin its first byte, counted from the header's end
   * @param end the byte behind its last
   */
  record Entry(String type, List<Long> shape, long begin, long end) {}

  /** Reads bytes of a file from a position. */
  @FunctionalInterface
  interface Source {
    /** Returns as many bytes as asked for, or throws. */
    byte[] read(long position, int count) throws IOException;
  }

  /**
   * Reads and checks a header.
   *
   * @param length bytes of the file
   * @throws InvalidInputException if the file is none, cut short, or contradicts itself; the
   *     message names file and tensor
   */
  static SafetensorsHeader read(String file, long length, Source source) throws IOException {
    byte[] first = source.read(0, (int) Math.min(length, FirstBytes.COUNT));
    boolean begins = first.length > LENGTH_BYTES && first[LENGTH_BYTES] == '{';
    Optional<String> mistaken = WrongFile.of(first);
    if (!begins && mistaken.isPresent()) {
      throw new InvalidInputException("Cannot read weights from " + file + ": " + mistaken.get());
    }
    if (length < LENGTH_BYTES) {
      throw refused(file, "it is cut short");
    }
    long size = ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
    if (size <= 0 || size > Math.min(length - LENGTH_BYTES, MOST_BYTES)) {
      throw refused(
          file,
          "its header would be %s bytes of %d; it is cut short, or no safetensors file"
              .formatted(Long.toUnsignedString(size), length));
    }
    SortedMap<String, Entry> entries = new TreeMap<>();
    String text = new String(source.read(LENGTH_BYTES, (int) size), StandardCharsets.UTF_8);
    Map<String, String> metadata = json(file, text, entries);
    requireFilled(file, entries, length - LENGTH_BYTES - size);
    return new SafetensorsHeader(file, LENGTH_BYTES + size, entries, aliases(metadata, entries));
  }

  /** Returns a name as messages show it. */
  static String shown(String name) {
    return OneLine.of(name);
  }

  private static Map<String, String> json(String file, String text, Map<String, Entry> entries)
      throws IOException {
    try {
      return HeaderJson.read(
          text, (name, json) -> entries.put(name, entry(file, shown(name), json)));
    } catch (JsonProcessingException e) {
      throw refused(
          file,
          "its header is not JSON (%s)"
              .formatted(shown(e.getOriginalMessage().lines().findFirst().orElse(""))));
    } catch (HeaderJson.Unsound e) {
      throw refused(file, e.getMessage());
    }
  }

  private static Entry entry(String file, String name, JsonNode json) {
    if (!json.path("dtype").isTextual()) {
      throw refused(file, "tensor '%s' has no dtype".formatted(name));
    }
    String type = json.get("dtype").asText();
    long[] shape = numbers(file, name, json, "shape");
    long[] offsets = numbers(file, name, json, "data_offsets");
    if (offsets.length != 2 || offsets[0] > offsets[1]) {
      throw refused(
          file,
          "tensor '%s' has data_offsets %s, not a first and a last"
              .formatted(name, shown(json.get("data_offsets").toString())));
    }
    Integer width = WIDTHS.get(type);
    if (width != null && !isProduct(offsets[1] - offsets[0], width, shape)) {
      throw refused(
          file,
          "tensor '%s' has %d bytes, but shape %s of %s"
              .formatted(name, offsets[1] - offsets[0], shown(json.get("shape").toString()), type));
    }
    return new Entry(type, LongStream.of(shape).boxed().toList(), offsets[0], offsets[1]);
  }

  private static boolean isProduct(long bytes, int width, long[] shape) {
    try {
      return LongStream.of(shape).reduce(width, Math::multiplyExact) == bytes;
    } catch (ArithmeticException e) {
      return false;
    }
  }

  private static long[] numbers(String file, String name, JsonNode json, String key) {
    JsonNode list = json.path(key);
    long[] numbers = new long[list.size()];
    boolean sound = list.isArray();
    for (int i = 0; i < numbers.length; i++) {
      JsonNode number = list.path(i);
      sound &= number.isIntegralNumber() && number.canConvertToLong() && number.asLong() >= 0;
      numbers[i] = number.asLong();
    }
    if (!sound) {
      throw refused(
          file,
          "tensor '%s' has %s %s, not a list of whole numbers"
              .formatted(name, key, list.isMissingNode() ? "unset" : shown(list.toString())));
    }
    return numbers;
  }

  private static void requireFilled(String file, Map<String, Entry> entries, long bytes) {
    long end = 0;
    String before = "";
    List<Map.Entry<String, Entry>> inOrder =
        entries.entrySet().stream()
            .sorted(
                Comparator.comparingLong((Map.Entry<String, Entry> e) -> e.getValue().begin())
                    .thenComparingLong(e -> e.getValue().end()))
            .toList();
    for (Map.Entry<String, Entry> entry : inOrder) {
      if (entry.getValue().begin() < end) {
        throw refused(
            file, "tensors '%s' and '%s' overlap".formatted(shown(before), shown(entry.getKey())));
      }
      if (entry.getValue().end() > bytes) {
        throw refused(file, "it ends before tensor '%s' does".formatted(shown(entry.getKey())));
      }
      if (entry.getValue().begin() > end) {
        throw refused(
            file,
            "%d bytes before tensor '%s' belong to none"
                .formatted(entry.getValue().begin() - end, shown(entry.getKey())));
      }
      end = entry.getValue().end();
      before = entry.getKey();
    }
    if (end < bytes) {
      throw refused(file, "its last %d bytes belong to no tensor".formatted(bytes - end));
    }
  }

  private static Map<String, String> aliases(
      Map<String, String> metadata, Map<String, Entry> entries) {
    Map<String, String> aliases = new TreeMap<>(metadata);
    aliases.entrySet().removeIf(alias -> entries.containsKey(alias.getKey()));
    aliases.values().retainAll(entries.keySet());
    return aliases;
  }

  private static InvalidInputException refused(String file, String why) {
    return new InvalidInputException(
        "Cannot read weights from %s: %s. Copy the checkpoint again.".formatted(file, why));
  }
}
