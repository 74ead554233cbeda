package org.chameleon.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.chameleon.Reference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids are those of the {@code tokenizers} library, whoever finds them. */
class BytePairEncoderTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** More of them: {@code -Dchameleon.strings=100000}. */
  private static final int STRINGS = Integer.getInteger("chameleon.strings", 5000);

  private static final String SPLIT =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|%s| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private static ObjectNode reference() throws IOException {
    return (ObjectNode) JSON.readTree(Reference.path("gpt2").resolve("tokenizer.json").toFile());
  }

  private static ObjectNode withPattern(WordPattern pattern) throws IOException {
    ObjectNode tokenizer = reference();
    if (pattern != WordPattern.GPT2) {
      ObjectNode sequence = tokenizer.putObject("pre_tokenizer").put("type", "Sequence");
      ArrayNode steps = sequence.putArray("pretokenizers");
      String digits = pattern == WordPattern.LLAMA3 ? "\\p{N}{1,3}" : "\\p{N}";
      steps
          .addObject()
          .put("type", "Split")
          .put("behavior", "Isolated")
          .put("invert", false)
          .putObject("pattern")
          .put("Regex", SPLIT.formatted(digits));
      steps
          .addObject()
          .put("type", "ByteLevel")
          .put("add_prefix_space", false)
          .put("trim_offsets", true)
          .put("use_regex", false);
    }
    return tokenizer;
  }

  /** Joins a sign of each kind with the first byte of whatever follows it in a word. */
  private static Tokenizer revealing(WordPattern pattern) throws IOException {
    ObjectNode tokenizer = withPattern(pattern);
    ObjectNode model = (ObjectNode) tokenizer.get("model");
    ObjectNode vocabulary = model.putObject("vocab");
    for (int b = 0; b < 256; b++) {
      vocabulary.put(String.valueOf(ByteAlphabet.symbol(b)), b);
    }
    ArrayNode merges = model.putArray("merges");
    for (char before : new char[] {'a', '1', '!', '\t', ' ', '\n'}) {
      for (int lead = 0; lead < 256; lead++) {
        char left = ByteAlphabet.symbol(before);
        char right = ByteAlphabet.symbol(lead);
        if (left != right) {
          merges.add(left + " " + right);
          vocabulary.put("" + left + right, vocabulary.size());
        }
      }
    }
    tokenizer.putArray("added_tokens");
    return Tokenizer.of(tokenizer.toString());
  }

  @ParameterizedTest
  @EnumSource(WordPattern.class)
  void everyCharacterIsOfTheKindThatTheLibraryTakesItFor(WordPattern pattern) throws IOException {
    Tokenizer tokenizer = revealing(pattern);
    assertThat(tokenizer.isByteLevel()).isTrue();
    StringBuilder text = new StringBuilder();
    for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
      int type = Character.getType(point);
      if (type == Character.UNASSIGNED
          || type == Character.SURROGATE
          || (type == Character.PRIVATE_USE && point % 50 != 0)
          || (point == 0x17F && pattern != WordPattern.GPT2)) {
        continue;
      }
      for (String before : new String[] {"a", "1", "!", "\t", " ", "\n"}) {
        text.append(before).appendCodePoint(point);
      }
      text.append('.');
      if (text.length() > 4000) {
        assertThat(pattern.knows(text.toString().toCharArray())).isTrue();
        assertSame(tokenizer, text.toString());
        text.setLength(0);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(WordPattern.class)
  void randomTextsHaveTheIdsOfTheLibrary(WordPattern pattern) throws IOException {
    Tokenizer tokenizer = Tokenizer.of(withPattern(pattern).toString());
    assertThat(tokenizer.isByteLevel()).isTrue();
    Random random = new Random(pattern.name().length());
    for (int i = 0; i < STRINGS; i++) {
      assertSame(tokenizer, random(random));
    }
  }

  @ParameterizedTest
  @EnumSource(WordPattern.class)
  void aCharacterThatIsNotKnownIsASign(WordPattern pattern) {
    for (String unknown : List.of("\u0378", new String(Character.toChars(0xE01F5)))) {
      char[] text = ("!" + unknown + "! x").toCharArray();
      assertThat(pattern.knows(text)).isFalse();
      assertThat(pattern.end(text, 0)).isEqualTo(unknown.length() + 2);
      assertThat(pattern.end(unknown.toCharArray(), 0)).isEqualTo(unknown.length());
    }
  }

  private static String random(Random random) {
    String[] often = {
      " ",
      " ",
      "\n",
      "\t",
      "\r\n",
      "  ",
      "'s",
      "'LL",
      "'\u017f",
      "the",
      "The",
      "of",
      "12",
      "3",
      "é",
      "ß",
      "中",
      "🙂",
      "a\u0301",
      "\u2028",
      "\u00a0",
      "\u0085",
      "--",
      "...",
      "<|endoftext|>",
      "<|",
      "\u1c80",
      "\u0000",
      "_",
      "x"
    };
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(60); i >= 0; i--) {
      switch (random.nextInt(8)) {
        case 0 -> {
          int point = random.nextInt(Character.MAX_CODE_POINT + 1);
          text.appendCodePoint(Character.getType(point) == Character.SURROGATE ? 'q' : point);
        }
        case 1 -> text.append((char) random.nextInt(0x3000));
        case 2 ->
            text.append(
                String.valueOf((char) ('a' + random.nextInt(26))).repeat(1 + random.nextInt(9)));
        default -> text.append(often[random.nextInt(often.length)]);
      }
    }
    return text.toString();
  }

  private static void assertSame(Tokenizer tokenizer, String text) {
    assertThat(tokenizer.encode(text)).as(text).isEqualTo(tokenizer.encodeByLibrary(text));
  }

  @Test
  void longWordsAndWordsThatAreLookedUpWholeAreThoseOfTheLibraryToo() throws IOException {
    ObjectNode tokenizer = withPattern(WordPattern.LLAMA3);
    ObjectNode model = (ObjectNode) tokenizer.get("model");
    model.put("ignore_merges", true);
    // No merge leads to it.
    ((ObjectNode) model.get("vocab")).put("zqzqzq", Tokenizer.vocabularySize(tokenizer));
    Tokenizer whole = Tokenizer.of(tokenizer.toString());
    assertThat(whole.isByteLevel()).isTrue();
    assertThat(whole.encode("zqzqzq")).hasSize(1);
    assertThat(Tokenizer.of(reference().toString()).encode("zqzqzq")).hasSizeGreaterThan(1);
    for (String text :
        new String[] {
          "zqzqzq zqzqzq",
          "ab".repeat(400),
          "中文".repeat(90),
          " ".repeat(700) + "x",
          "=".repeat(1000),
          "\n".repeat(300)
        }) {
      assertSame(whole, text);
      assertSame(Tokenizer.of(reference().toString()), text);
    }
  }

  @Test
  void aNormaliserThatComposesIsHeeded() throws IOException {
    ObjectNode tokenizer = withPattern(WordPattern.QWEN2);
    tokenizer.putObject("normalizer").put("type", "NFC");
    ObjectNode added = ((ArrayNode) tokenizer.get("added_tokens")).addObject();
    added.put("id", Tokenizer.vocabularySize(tokenizer)).put("content", "xe\u0301x");
    for (String key : List.of("single_word", "lstrip", "rstrip", "special")) {
      added.put(key, false);
    }
    added.put("normalized", true);
    Tokenizer composes = Tokenizer.of(tokenizer.toString());
    assertThat(composes.isByteLevel()).isTrue();
    assertThat(composes.encode("e\u0301")).isEqualTo(composes.encode("é"));
    Stream.of("e\u0301", "é", "a xéx b", "xe\u0301x", "\u1100\u1161", "plain", "\ufb01")
        .forEach(text -> assertSame(composes, text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"ByteLevel\",\"add_prefix_space\":true,\"trim_offsets\":true}",
        "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":true,\"use_regex\":false}",
        "{\"type\":\"Whitespace\"}"
      })
  void otherPatternsAreLeftToTheLibrary(String pattern) throws IOException {
    ObjectNode tokenizer = reference();
    tokenizer.set("pre_tokenizer", JSON.readTree(pattern));
    assertThat(Tokenizer.of(tokenizer.toString()).isByteLevel()).isFalse();
  }

  @Test
  void otherModelsAreLeftToTheLibrary() throws IOException {
    for (String change :
        new String[] {
          "\"dropout\":0.1", "\"end_of_word_suffix\":\"</w>\"", "\"byte_fallback\":true"
        }) {
      ObjectNode tokenizer = reference();
      ((ObjectNode) tokenizer.get("model")).setAll((ObjectNode) JSON.readTree("{" + change + "}"));
      assertThat(BytePairEncoder.of(tokenizer)).as(change).isEmpty();
    }
    ObjectNode tokenizer = reference();
    tokenizer.putObject("normalizer").put("type", "Lowercase");
    assertThat(BytePairEncoder.of(tokenizer)).isEmpty();
  }
}
