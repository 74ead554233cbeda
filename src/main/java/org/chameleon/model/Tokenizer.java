package org.chameleon.model;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.chameleon.config.InvalidInputException;
import org.chameleon.corpus.Utf8;
import org.chameleon.storage.Json;
import org.chameleon.storage.Paths;

/**
 * A Hugging Face {@code tokenizer.json}, opened once per JVM. Documents are encoded whole, without
 * the special tokens of a template; special tokens that stand in the text are recognised.
 */
public final class Tokenizer {
  private static final Map<String, Tokenizer> OPEN = new ConcurrentHashMap<>();

  private final HuggingFaceTokenizer tokenizer;

  private Tokenizer(HuggingFaceTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * Reads a {@code tokenizer.json}, given itself or by its directory, and checks that it opens.
   *
   * @return its content
   * @throws InvalidInputException if there is none
   */
  public static String read(String uri, Configuration hadoop) {
    try {
      Path path = Paths.of(uri);
      boolean directory = path.getFileSystem(hadoop).getFileStatus(path).isDirectory();
      CheckpointFolder folder =
          new CheckpointFolder("tokenizer", directory ? path : path.getParent(), hadoop);
      String json = directory ? folder.tokenizer() : folder.text(path.getName());
      of(json);
      return json;
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidInputException(
          "Cannot read the tokenizer %s: %s. Give a tokenizer.json, or a directory with one."
              .formatted(uri, e.getMessage()),
          e);
    }
  }

  /**
   * Returns the tokenizer that the content of a {@code tokenizer.json} describes.
   *
   * @throws InvalidInputException if it describes none
   */
  public static Tokenizer of(String json) {
    return OPEN.computeIfAbsent(json, Tokenizer::open);
  }

  private static Tokenizer open(String json) {
    NativeCode.tokenizers();
    Map<String, String> options =
        Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false");
    try {
      return new Tokenizer(
          HuggingFaceTokenizer.newInstance(
              new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), options));
    } catch (IOException | RuntimeException e) {
      throw new InvalidInputException(
          "Cannot open the tokenizer: " + e.getMessage() + ". Check tokenizer.json.", e);
    }
  }

  /**
   * Token ids that a template puts around a text.
   *
   * @param before ids at its beginning
   * @param behind ids at its end
   */
  public record Around(List<Integer> before, List<Integer> behind) implements Serializable {
    /** No ids. */
    public static final Around NONE = new Around(List.of(), List.of());

    /** Copies the lists. */
    public Around {
      before = List.copyOf(before);
      behind = List.copyOf(behind);
    }

    /** Returns how many ids there are. */
    public int count() {
      return before.size() + behind.size();
    }
  }

  /** Returns the special tokens that the tokenizer's template puts around a text. */
  public Around around() {
    List<Integer> bare = Arrays.stream(encode("a", false)).boxed().toList();
    List<Integer> all = Arrays.stream(encode("a", true)).boxed().toList();
    int at = Collections.indexOfSubList(all, bare);
    if (bare.isEmpty() || at < 0) {
      return Around.NONE;
    }
    return new Around(all.subList(0, at), all.subList(at + bare.size(), all.size()));
  }

  /** Returns the token ids of a text; half of a surrogate pair, which no id has, is U+FFFD. */
  public int[] encode(String text) {
    return encode(text, false);
  }

  private int[] encode(String text, boolean special) {
    TokenizersLibrary library = TokenizersLibrary.LIB;
    long encoding = library.encode(tokenizer.getHandle(), Utf8.repaired(text).value(), special);
    try {
      return ints(library.getTokenIds(encoding));
    } finally {
      library.deleteEncoding(encoding);
    }
  }

  /**
   * A text as token ids, and how many bytes of its UTF-8 each stands for.
   *
   * @param ids of the tokens
   * @param bytes of each: those from the end of what the tokens before it stand for to its own end,
   *     to the end of the text for the last; together all of the text, unless there is no token
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Measured(int[] ids, int[] bytes) {}

  /** Returns the token ids of a text with their bytes. */
  public Measured measure(String text) {
    TokenizersLibrary library = TokenizersLibrary.LIB;
    String repaired = Utf8.repaired(text).value();
    long encoding = library.encode(tokenizer.getHandle(), repaired, false);
    try {
      int[] ids = ints(library.getTokenIds(encoding));
      CharSpan[] spans = library.getTokenCharSpans(encoding);
      int[] ends = byteEnds(repaired);
      int[] bytes = new int[ids.length];
      int covered = 0;
      for (int i = 0; i < ids.length; i++) {
        boolean last = i == ids.length - 1;
        int own = spans[i] == null ? covered : ends[Math.min(spans[i].getEnd(), ends.length - 1)];
        int end = last ? ends[ends.length - 1] : Math.max(covered, own);
        bytes[i] = end - covered;
        covered = end;
      }
      return new Measured(ids, bytes);
    } finally {
      library.deleteEncoding(encoding);
    }
  }

  /**
   * Returns token ids with the bytes of the text that they stand for, the same for each but for
   * rounding: ids alone do not tell where one ends.
   */
  public Measured measure(int[] ids) {
    long[] wide = Arrays.stream(ids).asLongStream().toArray();
    String text = TokenizersLibrary.LIB.decode(tokenizer.getHandle(), wide, false);
    long all = text.getBytes(StandardCharsets.UTF_8).length;
    int[] bytes = new int[ids.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (int) (all * (i + 1) / ids.length - all * i / ids.length);
    }
    return new Measured(ids, bytes);
  }

  /** Returns where the UTF-8 of a text's first 0, 1, 2 and so on code points ends. */
  private static int[] byteEnds(String text) {
    int[] ends = new int[text.codePointCount(0, text.length()) + 1];
    int n = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      ends[n + 1] = ends[n] + (c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4);
      n++;
      i += Character.charCount(c);
    }
    return ends;
  }

  private static int[] ints(long[] ids) {
    return Arrays.stream(ids).mapToInt(id -> (int) id).toArray();
  }

  /** Returns the number of ids that the content of a {@code tokenizer.json} can produce. */
  public static int vocabularySize(String json) {
    return vocabularySize(
        Json.read(json.getBytes(StandardCharsets.UTF_8), JsonNode.class, "tokenizer.json"));
  }

  /**
   * Returns the number of ids that a {@code tokenizer.json} can produce: its largest id plus one.
   */
  static int vocabularySize(JsonNode tokenizer) {
    int largest = ownVocabularySize(tokenizer) - 1;
    for (JsonNode added : tokenizer.path("added_tokens")) {
      largest = Math.max(largest, added.path("id").asInt());
    }
    return largest + 1;
  }

  /** As {@link #vocabularySize}, without tokens that were added to the model's own. */
  static int ownVocabularySize(JsonNode tokenizer) {
    JsonNode vocabulary = tokenizer.path("model").path("vocab");
    int largest = vocabulary.isArray() ? vocabulary.size() - 1 : -1;
    if (vocabulary.isObject()) {
      for (JsonNode id : vocabulary) {
        largest = Math.max(largest, id.asInt());
      }
    }
    return largest + 1;
  }
}
