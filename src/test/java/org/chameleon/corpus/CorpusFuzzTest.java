package org.chameleon.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.chameleon.config.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Thousands of files that differ from good ones in some bytes: each is read right, or refused by
 * name. No row goes missing: it is read, or it is bad and counts.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class CorpusFuzzTest {
  private static final int JSON_FILES = 3000;
  private static final int PARQUET_FILES = 3000;

  private static final JsonMapper ORACLE =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  @TempDir Path folder;

  private static final String LINES =
      """
      {"domain": "a", "text": "one { } brace"}
      {"domain": "b", "text": "two \\ud83d\\ude42 \\" quote"}{"domain": "a", "text": "three"}
      {"text": "four", "domain": "a", "meta": {"text": "no", "x": [1, NaN, null]}}\r
      \t {"domain": "b", "text": "f\u00fcnf \u6570\u636e", "score": -1.5e3}

      {"domain": "a", "text": "six\\n\\t"}  {"domain": "b", "text": "seven"}\r\
      {"domain": "b", "text": "eight"}
      """;

  @Test
  void linesAreReadRightOrCountedOrRefused() throws IOException {
    byte[] good = LINES.getBytes(StandardCharsets.UTF_8);
    int read = 0;
    int refused = 0;
    for (int seed = 0; seed < JSON_FILES; seed++) {
      byte[] bytes = mutated(good, 0, good.length, new Random(seed));
      Path path = Files.write(folder.resolve("fuzz.jsonl"), bytes);
      List<String> expected = expected(bytes);
      try {
        List<String> found = OneFile.of(path, "mine").skippingBadRows().contents();
        assertThat(found).as("seed %d", seed).isEqualTo(expected);
        read++;
      } catch (InvalidInputException e) {
        assertRefusal(e, "fuzz.jsonl", seed);
      }
      try {
        assertThat(OneFile.of(path, "mine").contents()).as("seed %d", seed).isEqualTo(expected);
        assertThat(expected).as("seed %d", seed).doesNotContainNull();
      } catch (InvalidInputException e) {
        assertRefusal(e, "fuzz.jsonl", seed);
        refused++;
      }
    }
    assertThat(read).isGreaterThan(JSON_FILES * 9 / 10);
    assertThat(refused).isGreaterThan(JSON_FILES / 3);
  }

  /** What the lines hold, read another way: a text for each object, or null where it has none. */
  private static List<String> expected(byte[] bytes) {
    List<String> expected = new ArrayList<>();
    int from = 0;
    for (int i = 0; i <= bytes.length; i++) {
      if (i == bytes.length || bytes[i] == '\n' || bytes[i] == '\r') {
        byte[] line = Arrays.copyOfRange(bytes, from, i);
        from = i + 1;
        if (!new String(line, StandardCharsets.ISO_8859_1).matches("[ \t]*")) {
          expected.addAll(texts(line));
        }
      }
    }
    return expected;
  }

  private static List<String> texts(byte[] line) {
    boolean decodes = true;
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line));
    } catch (CharacterCodingException e) {
      decodes = false;
    }
    List<String> texts = new ArrayList<>();
    boolean whole = true;
    String text = new String(line, StandardCharsets.UTF_8);
    try (MappingIterator<JsonNode> values = ORACLE.readerFor(JsonNode.class).readValues(text)) {
      while (whole && values.hasNextValue()) {
        JsonNode value = values.nextValue();
        whole = value.isObject();
        String found = value.path("text").textValue();
        texts.add(decodes && found != null && !found.isEmpty() ? repaired(found) : null);
      }
    } catch (IOException | RuntimeException e) {
      texts.add(null);
      whole = false;
    }
    // Without another brace behind the first object's end, the line is one row, good or bad.
    boolean mayBeSeveral = text.replaceAll("[ \t]", "").contains("}{");
    return texts.size() > 1 && !mayBeSeveral ? Arrays.asList((String) null) : texts;
  }

  private static String repaired(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_16), StandardCharsets.UTF_16);
  }

  private static byte[] mutated(byte[] good, int from, int to, Random random) {
    byte[] bytes = good.clone();
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = from + random.nextInt(to - from);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes[at] = (byte) "{}[]\":,\\ \r\n".charAt(random.nextInt(11));
        case 3 -> bytes = without(bytes, at, random.nextInt(4) + 1);
        case 4 -> bytes = doubled(bytes, at, random.nextInt(8) + 1);
        default -> Arrays.fill(bytes, at, Math.min(to, at + 3), (byte) random.nextInt(256));
      }
      to = Math.min(to, bytes.length);
    }
    return bytes;
  }

  private static byte[] without(byte[] bytes, int at, int count) {
    return spliced(bytes, at, Math.min(bytes.length, at + count));
  }

  private static byte[] doubled(byte[] bytes, int at, int count) {
    return spliced(bytes, Math.min(bytes.length, at + count), at);
  }

  /** Returns the bytes up to one place, then those from another. */
  private static byte[] spliced(byte[] bytes, int until, int from) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, until);
    out.write(bytes, from, bytes.length - from);
    return out.toByteArray();
  }

  @Test
  void footersAreReadRightOrRefused() throws IOException {
    Path base = ParquetFiles.text(folder.resolve("base.parquet"), 400, 120);
    byte[] good = Files.readAllBytes(base);
    List<String> expected = OneFile.of(base).contents();
    List<OneFile.Found> drawn = OneFile.of(base).drawn(n -> n % 7 == 0);
    assertThat(drawn)
        .hasSize(2 * 29)
        .allSatisfy(one -> assertThat(one.content()).isEqualTo("text " + one.row()));
    int start =
        good.length
            - 8
            - ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).getInt(good.length - 8);
    int read = 0;
    int refused = 0;
    for (int seed = 0; seed < PARQUET_FILES; seed++) {
      byte[] footer = Arrays.copyOfRange(good, start, good.length - 8);
      byte[] changed = mutated(footer, 0, footer.length, new Random(seed));
      Path path = folder.resolve("fuzz.parquet");
      Files.write(path, whole(good, start, changed));
      Files.setLastModifiedTime(path, java.nio.file.attribute.FileTime.fromMillis(seed));
      try {
        OneFile file = OneFile.of(path);
        assertThat(file.contents()).as("seed %d", seed).isEqualTo(expected);
        assertThat(file.splits().stream().mapToLong(CorpusSplit::rows).sum())
            .as("seed %d", seed)
            .isEqualTo(expected.size());
        assertThat(file.drawn(n -> n % 7 == 0)).as("seed %d", seed).isEqualTo(drawn);
        read++;
      } catch (InvalidInputException e) {
        assertRefusal(e, "fuzz.parquet", seed);
        refused++;
      }
    }
    assertThat(read).isPositive();
    assertThat(refused).isGreaterThan(PARQUET_FILES / 4);
  }

  private static byte[] whole(byte[] good, int start, byte[] footer) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(good, 0, start);
    out.writeBytes(footer);
    out.writeBytes(
        ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(footer.length).array());
    out.writeBytes("PAR1".getBytes(StandardCharsets.UTF_8));
    return out.toByteArray();
  }

  private static void assertRefusal(InvalidInputException e, String file, int seed) {
    assertThat(Objects.requireNonNull(e.getMessage()))
        .as("seed %d", seed)
        .contains(file)
        .doesNotContain("Exception")
        .doesNotContain("\n")
        .endsWith(".");
  }
}
