package org.chameleon.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.Reference;
import org.chameleon.corpus.Utf8;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerTest {
  @Test
  void textsGetTheIdsOfTheReference() throws IOException {
    Tokenizer tokenizer = Tokenizer.of(json());
    for (JsonNode example : Reference.json("tokenizer-cases.json")) {
      double[] ids = Reference.numbers(example.get("ids"));
      assertThat(tokenizer.encode(example.get("text").asText()))
          .isEqualTo(Arrays.stream(ids).mapToInt(id -> (int) id).toArray());
    }
  }

  @Test
  void loneSurrogatesDoNotHarmTheTextAroundThem() throws IOException {
    Tokenizer tokenizer = Tokenizer.of(json());
    assertThat(tokenizer.encode("a\uD800b")).isEqualTo(tokenizer.encode("a\uFFFDb"));
    assertThat(Utf8.repaired("x\uDE00\uD83D\uDE00").value()).isEqualTo("x\uFFFD\uD83D\uDE00");
  }

  @Test
  void vocabularySizeIsTheLargestIdPlusOne() throws IOException {
    assertThat(Tokenizer.vocabularySize(tree(json()))).isLessThanOrEqualTo(512).isGreaterThan(257);
    assertThat(
            Tokenizer.vocabularySize(
                tree("{\"model\": {\"vocab\": {\"a\": 3}}, \"added_tokens\": [{\"id\": 9}]}")))
        .isEqualTo(10);
  }

  @Test
  void whatIsNoTokenizerIsRefused() {
    assertThatThrownBy(() -> Tokenizer.of("{}"))
        .hasMessageStartingWith("Cannot open the tokenizer:");
  }

  @Test
  void itsFileMayHaveAColonInItsName(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("tok:v2.json"), json());
    assertThat(Tokenizer.read(file.toString(), new Configuration())).isEqualTo(json());
  }

  @Test
  void aByteLevelTokenStandsForItsBytesEvenWithinACharacter() throws IOException {
    Tokenizer tokenizer = Tokenizer.of(json());
    assertThat(tokenizer.measure("x\uD83D\uDE00\u00e9<|endoftext|>").bytes())
        .containsExactly(1, 1, 1, 1, 1, 2, 13);
    for (JsonNode example : Reference.json("tokenizer-cases.json")) {
      String text = example.get("text").asText();
      MeasuredTokens measured = tokenizer.measure(text);
      assertThat(measured.ids()).isEqualTo(tokenizer.encode(text));
      assertThat(Arrays.stream(measured.bytes()).sum()).isEqualTo(bytes(text));
    }
  }

  @Test
  void bytesAreThoseOfTheTextWhereTokensHoldMoreThanIt() throws IOException {
    Tokenizer prefixing =
        Tokenizer.of(
            json().replaceAll("\"add_prefix_space\": *false", "\"add_prefix_space\": true"));
    assertThat(prefixing.encode("x")).hasSize(2); // a space before it
    assertThat(prefixing.measure("x").bytes()).containsExactly(1, 0);
    assertThat(prefixing.measure("x\u00e9 \uD83D\uDE00").bytes())
        .containsExactly(1, 0, 2, 1, 4, 0, 0, 0);
  }

  @Test
  void tokensOfWordsCarryWhatStandsBeforeThem() {
    Tokenizer words = Tokenizer.of(WORDS);
    MeasuredTokens measured = words.measure(" Caf\u00e9  \uD83D\uDE00 cafes !\n");
    assertThat(measured.ids()).containsExactly(1, 0, 1, 2, 3);
    assertThat(measured.bytes()).containsExactly(6, 6, 5, 1, 3);
    assertThat(words.measure(new int[] {1, 2, 3, 1, 1}).bytes()).containsExactly(4, 1, 2, 5, 5);
    int[] many = new int[100];
    Arrays.fill(many, 1);
    assertThat(Arrays.stream(words.measure(many).bytes()).sum()).isEqualTo(100 * 5 - 1);
  }

  @Test
  void idsStandForTheirBytesAndSpecialOnesForNone() throws IOException {
    Tokenizer tokenizer = Tokenizer.of(json());
    int[] ids = tokenizer.encode("the\uD83D\uDE00<|endoftext|>a");
    int[] bytes = tokenizer.measure(ids).bytes();
    assertThat(Arrays.stream(bytes).sum()).isEqualTo(3 + 4 + 1);
    assertThat(bytes[bytes.length - 2]).isZero();
    assertThatThrownBy(() -> tokenizer.measure(new int[] {0, 600}))
        .hasMessageMatching(
            "Cannot tell the text of token id 600: the tokenizer has ids below \\d+.*");
  }

  /** Words, and the ends of words. */
  private static final String WORDS =
      """
      {"version": "1.0",
       "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
         "strip_accents": null, "lowercase": true},
       "pre_tokenizer": {"type": "BertPreTokenizer"},
       "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": false},
       "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
         "max_input_chars_per_word": 100,
         "vocab": {"[UNK]": 0, "cafe": 1, "##s": 2, "!": 3}}}
      """;

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static JsonNode tree(String json) throws IOException {
    return new ObjectMapper().readTree(json);
  }

  private static String json() throws IOException {
    return Files.readString(Reference.path("gpt2/tokenizer.json"));
  }
}
