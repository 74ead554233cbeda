package org.chameleon.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaPairRDD;
import org.chameleon.config.InvalidInputException;
import org.chameleon.corpus.Corpus;
import org.chameleon.model.ByteAlphabet;
import org.chameleon.sampling.DocumentDraw;
import org.chameleon.sampling.KeptOut;
import org.chameleon.sampling.WindowSampler;
import scala.Tuple2;

/**
 * Trains a byte-level BPE tokenizer: words are counted by Spark in drawn documents, each domain
 * with the same weight, and merges are learnt on the driver.
 */
final class TokenizerTrainer {
  /** The token that ends a text; its id is 0. */
  static final String END_OF_TEXT = "<|endoftext|>";

  /** What the words of each domain count together. */
  private static final double DOMAIN_WEIGHT = 1e9;

  private static final int MOST_WORDS = 400_000;

  private final int vocabulary;
  private final int documents;
  private final long seed;
  private final KeptOut keptOut;

  TokenizerTrainer(int vocabulary, int documents, long seed, KeptOut keptOut) {
    this.vocabulary = vocabulary;
    this.documents = documents;
    this.seed = seed;
    this.keptOut = keptOut;
  }

  /** Returns the content of a {@code tokenizer.json}. */
  String train(Corpus corpus) {
    if (corpus.holdsTokens()) {
      throw new InvalidInputException(
          "Cannot train a tokenizer: the corpus holds token ids. Set proxy.checkpoint to the model"
              + " whose ids they are, or use corpus.text-column.");
    }
    Map<String, Long> words = weighted(count(corpus));
    List<BytePairs.Pair> merges = BytePairs.learn(words, vocabulary - 257);
    return json(merges);
  }

  private List<WordCounter.Count> count(Corpus corpus) {
    Map<String, long[]> drawn =
        DocumentDraw.of(corpus, documents, new WindowSampler.Seed(seed, "tokenizer"), keptOut);
    JavaPairRDD<WordCounter.Key, Long> counts =
        corpus
            .read(drawn, WordCounter::new, w -> w.counts().iterator())
            .mapToPair(count -> new Tuple2<>(count.key(), count.count()))
            .reduceByKey(Long::sum);
    return counts.map(pair -> new WordCounter.Count(pair._1, pair._2)).collect();
  }

  private static Map<String, Long> weighted(List<WordCounter.Count> counts) {
    Map<String, Long> totals = new HashMap<>();
    counts.forEach(c -> totals.merge(c.key().domain(), c.count(), Long::sum));
    Map<String, Double> words = new HashMap<>();
    counts.stream()
        .sorted(Comparator.comparing((WordCounter.Count c) -> c.key().domain()))
        .forEach(
            c ->
                words.merge(
                    c.key().word(),
                    c.count() * DOMAIN_WEIGHT / totals.get(c.key().domain()),
                    Double::sum));
    return words.entrySet().stream()
        .sorted(
            Map.Entry.<String, Double>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(MOST_WORDS)
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, e -> Math.round(e.getValue()), (a, b) -> a, LinkedHashMap::new));
  }

  private static String json(List<BytePairs.Pair> merges) {
    ObjectNode root = new ObjectMapper().createObjectNode();
    root.put("version", "1.0");
    root.putNull("truncation");
    root.putNull("padding");
    ObjectNode special = root.putArray("added_tokens").addObject();
    special.put("id", 0).put("content", END_OF_TEXT).put("single_word", false);
    special.put("lstrip", false).put("rstrip", false).put("normalized", false);
    special.put("special", true);
    root.putNull("normalizer");
    byteLevel(root.putObject("pre_tokenizer"), false);
    root.putNull("post_processor");
    byteLevel(root.putObject("decoder"), true);
    ObjectNode model = root.putObject("model");
    model.put("type", "BPE").putNull("dropout").putNull("unk_token");
    model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
    model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", false);
    vocabulary(model, merges);
    return root.toPrettyString();
  }

  private static void byteLevel(ObjectNode node, boolean addPrefixSpace) {
    node.put("type", "ByteLevel").put("add_prefix_space", addPrefixSpace);
    node.put("trim_offsets", true).put("use_regex", true);
  }

  private static void vocabulary(ObjectNode model, List<BytePairs.Pair> merges) {
    ObjectNode ids = model.putObject("vocab");
    ArrayNode list = model.putArray("merges");
    Map<Integer, String> symbols = new HashMap<>();
    ids.put(END_OF_TEXT, 0);
    for (int b : ByteAlphabet.inOrder()) {
      symbols.put(b, String.valueOf(ByteAlphabet.symbol(b)));
      ids.put(symbols.get(b), ids.size());
    }
    for (int i = 0; i < merges.size(); i++) {
      String left = symbols.get(merges.get(i).left());
      String right = symbols.get(merges.get(i).right());
      symbols.put(256 + i, left + right);
      ids.put(left + right, ids.size());
      list.add(left + " " + right);
    }
  }
}
