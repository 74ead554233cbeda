package org.chameleon.model;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.chameleon.config.InvalidInputException;

/**
 * How many bytes of a text each of its tokens stands for. The tokens of a byte-level vocabulary say
 * it themselves; of others the places that they were found at do, or the text that they are turned
 * back into.
 */
final class TokenBytes {
  /** Ids that are turned back into text together. */
  private static final int RUN = 32;

  private final HuggingFaceTokenizer tokenizer;
  private final boolean byteLevel;

  /** Bytes that an id stands for in a text, and, of special tokens 0, among other ids. */
  private final int[] inText;

  private final int[] inIds;

  private TokenBytes(HuggingFaceTokenizer tokenizer, JsonNode json) {
    this.tokenizer = tokenizer;
    this.byteLevel = json.path("decoder").findValuesAsText("type").contains("ByteLevel");
    this.inText = new int[Tokenizer.vocabularySize(json)];
    // Each character of a byte-level token is a byte.
    json.path("model")
        .path("vocab")
        .fields()
        .forEachRemaining(e -> inText[e.getValue().asInt()] = e.getKey().length());
    this.inIds = inText.clone();
    for (JsonNode added : json.path("added_tokens")) {
      int id = added.path("id").asInt();
      inText[id] = bytes(added.path("content").asText());
      inIds[id] = added.path("special").asBoolean() ? 0 : inText[id];
    }
  }

  /** Reads what {@code tokenizer.json} says of its tokens. */
  static TokenBytes of(HuggingFaceTokenizer tokenizer, String json) {
    try {
      return new TokenBytes(tokenizer, new ObjectMapper().readTree(json));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the tokenizer was opened from it", e);
    }
  }

  /**
   * Returns the bytes of each token of a text; in sum they are those of the text. What no token
   * covers belongs to the token behind it, at the end to the last.
   *
   * @param spans places of the tokens, in code points; null where one has none
   */
  int[] ofText(String text, int[] ids, CharSpan[] spans) {
    if (byteLevel) {
      int[] own = lengths(ids, inText);
      // Where a normaliser or a prefix changed the text, the tokens are not its bytes.
      if (Arrays.stream(own).asLongStream().sum() == bytes(text)) {
        return own;
      }
    }
    int[] ends = ends(text);
    int[] result = new int[ids.length];
    int covered = 0;
    for (int i = 0; i < ids.length; i++) {
      int end = i == ids.length - 1 ? ends[ends.length - 1] : end(spans[i], ends);
      result[i] = Math.max(0, end - covered);
      covered = Math.max(covered, end);
    }
    return result;
  }

  private static int end(CharSpan span, int[] ends) {
    return span == null ? 0 : ends[Math.min(span.getEnd(), ends.length - 1)];
  }

  /** Returns the bytes before each code point, and at the end all. */
  private static int[] ends(String text) {
    int[] points = text.codePoints().toArray();
    int[] ends = new int[points.length + 1];
    for (int i = 0; i < points.length; i++) {
      int point = points[i];
      ends[i + 1] = ends[i] + (point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4);
    }
    return ends;
  }

  /**
   * Returns the bytes of each of some ids whose text is not known: special tokens have none.
   *
   * @throws InvalidInputException if the tokenizer does not have an id
   */
  int[] ofIds(int[] ids) {
    for (int id : ids) {
      if (id < 0 || id >= inIds.length) {
        throw new InvalidInputException(
            "Cannot tell the text of token id %d: the tokenizer has ids below %d. Set proxy.checkpoint to the model whose ids they are."
                .formatted(id, inIds.length));
      }
    }
    if (byteLevel) {
      return lengths(ids, inIds);
    }
    int[] result = new int[ids.length];
    for (int start = 0; start < ids.length; start += RUN) {
      decodeRun(ids, start, Math.min(ids.length, start + RUN), result);
    }
    return result;
  }

  /** An id may begin a word or continue one: it is decoded behind those before it. */
  private void decodeRun(int[] ids, int start, int end, int[] result) {
    int from = Math.max(0, start - 1);
    long[][] prefixes = new long[end - start + 1][];
    for (int i = 0; i < prefixes.length; i++) {
      prefixes[i] = Arrays.stream(ids, from, start + i).asLongStream().toArray();
    }
    String[] texts = tokenizer.batchDecode(prefixes, true);
    int covered = bytes(texts[0]);
    for (int i = start; i < end; i++) {
      int all = bytes(texts[i - start + 1]);
      result[i] = Math.max(0, all - covered);
      covered = Math.max(covered, all);
    }
  }

  private static int[] lengths(int[] ids, int[] ofId) {
    return Arrays.stream(ids).map(id -> ofId[id]).toArray();
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
