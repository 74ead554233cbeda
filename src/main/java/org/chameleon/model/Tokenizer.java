package org.chameleon.model;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.chameleon.config.InvalidInputException;
import org.chameleon.corpus.Utf8;
import org.chameleon.storage.Json;
import org.chameleon.storage.Paths;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Hugging Face {@code tokenizer.json}, opened once per JVM. Documents are encoded whole, without
 * the special tokens of a template; special tokens that stand in the text are recognised.
 */
public final class Tokenizer {
  private static final Logger LOG = LoggerFactory.getLogger(Tokenizer.class);
  private static final Map<String, Tokenizer> OPEN = new ConcurrentHashMap<>();

  private final HuggingFaceTokenizer tokenizer;
  private final String json;
  private final BytePairEncoder bytePairs;
  private TokenBytes bytes;

  private Tokenizer(HuggingFaceTokenizer tokenizer, String json) {
    this.tokenizer = tokenizer;
    this.json = json;
    this.bytePairs =
        BytePairEncoder.of(
                Json.read(json.getBytes(StandardCharsets.UTF_8), JsonNode.class, "tokenizer.json"))
            .filter(this::agrees)
            .orElse(null);
  }

  /** Characters of every kind, in the ways in which words and spaces can meet. */
  private static String probe() {
    StringBuilder text = new StringBuilder();
    String[] between = {
      "", " ", "  ", "\n", " \n ", "\t", "'s", "'LL", "1234567", "x", "\r\n\r\n", "..."
    };
    int next = 0;
    for (int point = 0; point <= Character.MAX_CODE_POINT; point += point < 0x3000 ? 7 : 997) {
      int type = Character.getType(point);
      if (type != Character.UNASSIGNED && type != Character.SURROGATE) {
        text.append(between[next++ % between.length]).appendCodePoint(point);
      }
    }
    return Normalizer.normalize(text.append("   "), Normalizer.Form.NFC);
  }

  private boolean agrees(BytePairEncoder encoder) {
    String probe = probe();
    boolean agrees =
        Arrays.equals(encoder.encode(probe, this::encodeByLibrary), encodeByLibrary(probe));
    if (!agrees) {
      LOG.warn(
          "tokenizer: the tokenizers library reads it otherwise than expected; it is used for all texts");
    }
    return agrees;
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
              new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), options),
          json);
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
    String repaired = Utf8.repaired(text).value();
    return bytePairs == null
        ? encodeByLibrary(repaired)
        : bytePairs.encode(repaired, this::encodeByLibrary);
  }

  /** Returns the same, by the {@code tokenizers} library alone. */
  public int[] encodeByLibrary(String repaired) {
    return encoded(repaired, false, Tokenizer::ids);
  }

  /** Returns whether text is encoded here, and by the library only where that is not safe. */
  boolean isByteLevel() {
    return bytePairs != null;
  }

  /**
   * Returns the token ids of a text, and how many bytes of it each stands for, in sum all: exact
   * for each token of a byte-level vocabulary, and elsewhere for those between whole characters.
   */
  public MeasuredTokens measure(String text) {
    String repaired = Utf8.repaired(text).value();
    return encoded(
        repaired,
        false,
        encoding -> {
          int[] ids = ids(encoding);
          CharSpan[] spans = TokenizersLibrary.LIB.getTokenCharSpans(encoding);
          return new MeasuredTokens(ids, bytes().ofText(repaired, ids, spans));
        });
  }

  /**
   * Returns token ids with how many bytes of text each stands for; special tokens stand for none.
   *
   * @throws InvalidInputException if an id is none of this tokenizer
   */
  public MeasuredTokens measure(int[] ids) {
    return new MeasuredTokens(ids, bytes().ofIds(ids));
  }

  private synchronized TokenBytes bytes() {
    if (bytes == null) {
      bytes = TokenBytes.of(tokenizer, json);
    }
    return bytes;
  }

  private int[] encode(String text, boolean special) {
    return encoded(Utf8.repaired(text).value(), special, Tokenizer::ids);
  }

  private static int[] ids(long encoding) {
    return Arrays.stream(TokenizersLibrary.LIB.getTokenIds(encoding))
        .mapToInt(id -> (int) id)
        .toArray();
  }

  private <T> T encoded(String repaired, boolean special, LongFunction<T> read) {
    TokenizersLibrary library = TokenizersLibrary.LIB;
    long encoding = library.encode(tokenizer.getHandle(), repaired, special);
    try {
      return read.apply(encoding);
    } finally {
      library.deleteEncoding(encoding);
    }
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
