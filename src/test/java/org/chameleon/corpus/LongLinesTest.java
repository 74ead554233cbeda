package org.chameleon.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made of the bytes of long lines is what the libraries make of them. */
class LongLinesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\"",
        "\"plain\"",
        "\"\\\\ \\\" \\/ \\b \\f \\n \\r \\t\"",
        "\"\\u0041\\u00e9\\u20ac\\ud83d\\ude00\\u0000\"",
        "\"é € 😀 \\ud83d\\ude00\"",
        "\"ends with \\\\\""
      })
  void textsAreThoseOfTheLibrary(String string) throws JsonProcessingException {
    String line = "{\"text\": %s, \"x\": \"y\"}".formatted(string);
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    assertThat(JsonText.at(bytes, 9)).isEqualTo(JSON.readTree(line).get("text").textValue());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\\ud83d\"",
        "\"\\ud83d x\"",
        "\"\\ude00\"",
        "\"\\ud83d\\u0041\"",
        "\"\\q\"",
        "\"\\u00zz\""
      })
  void halvesOfPairsAndWhatIsNoEscapeAreLeftToTheLibrary(String string) {
    assertThat(JsonText.at(string.getBytes(StandardCharsets.UTF_8), 0)).isNull();
  }

  @Test
  void bytesAreUtf8WhereTheDecoderTakesThem() {
    Random random = new Random(3);
    byte[][] seeds = {
      {'a', 'b'},
      {(byte) 0xC3, (byte) 0xA9},
      {(byte) 0xE2, (byte) 0x82, (byte) 0xAC},
      {(byte) 0xF0, (byte) 0x9F, (byte) 0x98, (byte) 0x80},
      {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
      {(byte) 0xE0, (byte) 0x80, (byte) 0x80},
      {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
      {(byte) 0xC0, (byte) 0x80},
      {(byte) 0xF8, (byte) 0x88},
      {(byte) 0x80}
    };
    int valid = 0;
    for (int i = 0; i < 200_000; i++) {
      ByteBuffer buffer = ByteBuffer.allocate(16);
      while (buffer.remaining() >= 4) {
        byte[] next = seeds[random.nextInt(random.nextBoolean() ? 4 : seeds.length)].clone();
        if (random.nextInt(8) == 0) {
          next[random.nextInt(next.length)] = (byte) random.nextInt(256);
        }
        buffer.put(next);
      }
      byte[] bytes = buffer.array();
      boolean taken = isTaken(bytes, buffer.position());
      assertThat(Utf8.isValid(bytes, 0, buffer.position())).isEqualTo(taken);
      valid += taken ? 1 : 0;
    }
    assertThat(valid).isBetween(20_000, 180_000);
  }

  private static boolean isTaken(byte[] bytes, int length) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
