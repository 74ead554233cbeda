package org.chameleon.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import org.chameleon.Reference;
import org.chameleon.corpus.Utf8;
import org.junit.jupiter.api.Test;

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

  private static JsonNode tree(String json) throws IOException {
    return new ObjectMapper().readTree(json);
  }

  private static String json() throws IOException {
    return Files.readString(Reference.path("gpt2/tokenizer.json"));
  }
}
