package org.chameleon.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Encodes text as a byte-level {@code tokenizer.json} says whose words are split by a pattern that
 * is known: words are looked up, and merged pair by pair where they have not been seen. The ids are
 * those of the {@code tokenizers} library; a text that this class might read otherwise is left to
 * it.
 */
final class BytePairEncoder {
  private static final int BYTES = 256;

  /** Most bytes of a word that are merged here: the time grows with their square. */
  private static final int LONGEST = 256;

  /** Most characters of a word that is remembered. */
  private static final int REMEMBERED = 24;

  private static final int SLOTS = 1 << 16;
  private static final int NONE = Integer.MAX_VALUE;

  private final WordPattern pattern;
  private final boolean composes;
  private final int[] byteIds = new int[BYTES];

  /** Both neighbours' ids, ascending; the rank and the id of what they become. */
  private final long[] pairs;

  private final int[] ranks;
  private final int[] merged;

  /** Ids of whole words that are looked up before any merge; perhaps none. */
  private final Map<String, Integer> whole;

  private final Map<String, List<String>> added = new TreeMap<>();

  /** Words that were seen: what is lost when two threads write is only time. */
  private final Word[] seen = new Word[SLOTS];

  private record Merge(long pair, int rank, int id) {}

  @SuppressWarnings("ArrayRecordComponent") // compared nowhere
  private record Word(char[] text, int[] ids) {
    boolean is(char[] other, int from, int end) {
      return Arrays.equals(text, 0, text.length, other, from, end);
    }
  }

  /** Encodes what is left to it. */
  @FunctionalInterface
  interface Library {
    /** Returns the ids of a text. */
    int[] encode(String text);
  }

  private BytePairEncoder(
      JsonNode tokenizer,
      WordPattern pattern,
      Map<String, Integer> vocabulary,
      List<Merge> merges) {
    this.pattern = pattern;
    this.composes = tokenizer.path("normalizer").isObject();
    for (int b = 0; b < BYTES; b++) {
      byteIds[b] = vocabulary.get(String.valueOf(ByteAlphabet.symbol(b)));
    }
    this.pairs = merges.stream().mapToLong(Merge::pair).toArray();
    this.ranks = merges.stream().mapToInt(Merge::rank).toArray();
    this.merged = merges.stream().mapToInt(Merge::id).toArray();
    boolean ignores = tokenizer.path("model").path("ignore_merges").asBoolean();
    this.whole = ignores ? vocabulary : Map.of();
    for (JsonNode token : tokenizer.path("added_tokens")) {
      String content = token.path("content").asText();
      add(content);
      // The library may look for it in what the normaliser makes of both.
      add(Normalizer.normalize(content, Normalizer.Form.NFC));
    }
  }

  private void add(String content) {
    String start = content.substring(0, Math.min(2, content.length()));
    added.computeIfAbsent(start, s -> new ArrayList<>()).add(content);
  }

  /**
   * Returns the encoder of a {@code tokenizer.json}, if it is of the kind that there is one for.
   */
  static Optional<BytePairEncoder> of(JsonNode tokenizer) {
    JsonNode model = tokenizer.path("model");
    Optional<WordPattern> pattern = WordPattern.of(tokenizer.path("pre_tokenizer"));
    JsonNode normalizer = tokenizer.path("normalizer");
    boolean plain =
        (isNone(normalizer) || normalizer.path("type").asText().equals("NFC"))
            && model.path("type").asText("BPE").equals("BPE")
            && isNone(model.path("dropout"))
            && isNone(model.path("continuing_subword_prefix"))
            && isNone(model.path("end_of_word_suffix"))
            && !model.path("byte_fallback").asBoolean();
    if (pattern.isEmpty() || !plain) {
      return Optional.empty();
    }
    Map<String, Integer> vocabulary = new HashMap<>();
    model
        .path("vocab")
        .fields()
        .forEachRemaining(e -> vocabulary.put(e.getKey(), e.getValue().asInt()));
    for (int b = 0; b < BYTES; b++) {
      if (!vocabulary.containsKey(String.valueOf(ByteAlphabet.symbol(b)))) {
        return Optional.empty();
      }
    }
    return merges(model.path("merges"), vocabulary)
        .map(merges -> new BytePairEncoder(tokenizer, pattern.get(), vocabulary, merges));
  }

  private static boolean isNone(JsonNode value) {
    return value.isMissingNode()
        || value.isNull()
        || (value.isTextual() && value.asText().isEmpty());
  }

  /** Returns nothing where they are not what they should be: the library says so, or knows why. */
  private static Optional<List<Merge>> merges(JsonNode listed, Map<String, Integer> vocabulary) {
    Map<Long, Merge> merges = new TreeMap<>();
    int rank = 0;
    for (JsonNode merge : listed) {
      String[] sides =
          merge.isArray()
              ? new String[] {merge.path(0).asText(), merge.path(1).asText()}
              : merge.asText().split(" ", -1);
      if (sides.length != 2) {
        return Optional.empty();
      }
      Integer left = vocabulary.get(sides[0]);
      Integer right = vocabulary.get(sides[1]);
      Integer both = vocabulary.get(sides[0] + sides[1]);
      if (left == null || right == null || both == null) {
        return Optional.empty();
      }
      Merge before = merges.put(pair(left, right), new Merge(pair(left, right), rank++, both));
      if (before != null) {
        return Optional.empty();
      }
    }
    return Optional.of(List.copyOf(merges.values()));
  }

  private static long pair(int left, int right) {
    return (long) left << Integer.SIZE | right;
  }

  /**
   * Returns the ids of a text.
   *
   * @param text without halves of surrogate pairs
   * @param library asked for texts, and long words, that are not for this class
   */
  int[] encode(String text, Library library) {
    char[] characters = text.toCharArray();
    if (!pattern.knows(characters) || hasAdded(text) || isComposed(text)) {
      return library.encode(text);
    }
    Ids ids = new Ids(characters.length / 3 + 8);
    for (int from = 0; from < characters.length; ) {
      int end = pattern.end(characters, from);
      add(characters, from, end, ids, library);
      from = end;
    }
    return ids.toArray();
  }

  private boolean isComposed(String text) {
    return composes && !Normalizer.isNormalized(text, Normalizer.Form.NFC);
  }

  private boolean hasAdded(String text) {
    for (Map.Entry<String, List<String>> tokens : added.entrySet()) {
      if (text.contains(tokens.getKey()) && tokens.getValue().stream().anyMatch(text::contains)) {
        return true;
      }
    }
    return false;
  }

  private void add(char[] text, int from, int end, Ids ids, Library library) {
    if (end - from > REMEMBERED) {
      ids.add(ids(text, from, end, library));
      return;
    }
    int hash = 0;
    for (int i = from; i < end; i++) {
      hash = 31 * hash + text[i];
    }
    hash *= 0x9E3779B1;
    int slot = hash >>> (Integer.SIZE - 16);
    Word word = seen[slot];
    if (word == null || !word.is(text, from, end)) {
      word = new Word(Arrays.copyOfRange(text, from, end), ids(text, from, end, library));
      seen[slot] = word;
    }
    ids.add(word.ids());
  }

  private int[] ids(char[] text, int from, int end, Library library) {
    String word = new String(text, from, end - from);
    int[] bytes = ByteAlphabet.bytes(word);
    if (!whole.isEmpty()) {
      StringBuilder symbols = new StringBuilder(bytes.length);
      for (int b : bytes) {
        symbols.append(ByteAlphabet.symbol(b));
      }
      Integer id = whole.get(symbols.toString());
      if (id != null) {
        return new int[] {id};
      }
    }
    return bytes.length > LONGEST ? library.encode(word) : merged(bytes);
  }

  /** Merges the pair of the lowest rank, the leftmost first, until none is left. */
  private int[] merged(int[] bytes) {
    int n = bytes.length;
    int[] ids = new int[n];
    Arrays.setAll(ids, i -> byteIds[bytes[i]]);
    int[] places = new int[n];
    for (int i = 0; i + 1 < n; i++) {
      places[i] = place(ids[i], ids[i + 1]);
    }
    while (n > 1) {
      int best = -1;
      int least = NONE;
      for (int i = 0; i + 1 < n; i++) {
        int rank = places[i] < 0 ? NONE : ranks[places[i]];
        if (rank < least) {
          least = rank;
          best = i;
        }
      }
      if (best < 0) {
        break;
      }
      ids[best] = merged[places[best]];
      System.arraycopy(ids, best + 2, ids, best + 1, n - best - 2);
      System.arraycopy(places, best + 2, places, best + 1, n - best - 2);
      n--;
      if (best > 0) {
        places[best - 1] = place(ids[best - 1], ids[best]);
      }
      if (best + 1 < n) {
        places[best] = place(ids[best], ids[best + 1]);
      }
    }
    return Arrays.copyOf(ids, n);
  }

  private int place(int left, int right) {
    return Arrays.binarySearch(pairs, pair(left, right));
  }

  /** A list of ids. */
  private static final class Ids {
    private int[] ids;
    private int count;

    Ids(int expected) {
      ids = new int[expected];
    }

    void add(int[] more) {
      if (count + more.length > ids.length) {
        ids = Arrays.copyOf(ids, Math.max(2 * ids.length, count + more.length));
      }
      for (int id : more) {
        ids[count++] = id;
      }
    }

    int[] toArray() {
      return Arrays.copyOf(ids, count);
    }
  }
}
