package org.chameleon.sampling;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;
import org.chameleon.corpus.Corpus;
import org.chameleon.corpus.Document;
import org.chameleon.corpus.DocumentVisitor;
import org.chameleon.corpus.DomainFiles;

/** Counts the tokens of each domain, on executors: of all its documents, or of some. */
public final class DomainTokenCounter {
  private final SparkSession spark;
  private final String tokenizer;

  /**
   * Creates a counter.
   *
   * @param tokenizer content of a {@code tokenizer.json}; not used for a corpus of token ids
   */
  public DomainTokenCounter(SparkSession spark, String tokenizer) {
    this.spark = spark;
    this.tokenizer = tokenizer;
  }

  /**
   * Tokenizes every document, but those that were counted before.
   *
   * @param before domains, all of whose documents were tokenized, in files that are still the same
   */
  public List<DomainSize> count(Corpus corpus, List<DomainSize> before) {
    Map<String, TokenSums> sums = new TreeMap<>();
    Map<String, Set<String>> counted = new HashMap<>();
    corpus.domains().keySet().forEach(domain -> sums.put(domain, TokenSums.NONE));
    for (DomainSize domain : before) {
      sums.put(domain.name(), domain.sums());
      counted.put(
          domain.name(),
          domain.sources().stream().map(DomainFiles.Source::path).collect(Collectors.toSet()));
    }
    DocumentTokenCounter counter = DocumentTokenCounter.of(spark, corpus, tokenizer);
    add(
        corpus.documentsWithout(counted).mapPartitions(documents -> sums(documents, counter)),
        sums);
    corpus
        .domains()
        .forEach(
            (domain, files) -> sums.computeIfPresent(domain, (d, s) -> s.withDrawn(files.rows())));
    return sizes(corpus.domains(), sums);
  }

  /**
   * Tokenizes as many documents of each domain, drawn evenly, and estimates from them.
   *
   * @param seed decides which
   */
  public List<DomainSize> estimate(Corpus corpus, long documents, WindowSampler.Seed seed) {
    Map<String, long[]> ordinals = new TreeMap<>();
    Map<String, TokenSums> sums = new TreeMap<>();
    corpus
        .domains()
        .forEach((domain, files) -> ordinals.put(domain, seed.documents(files, documents)));
    DocumentTokenCounter counter = DocumentTokenCounter.of(spark, corpus, tokenizer);
    add(corpus.read(ordinals, () -> new Counting(counter), c -> c.sums().iterator()), sums);
    ordinals.forEach(
        (domain, drawn) ->
            sums.put(domain, sums.getOrDefault(domain, TokenSums.NONE).withDrawn(drawn.length)));
    return sizes(corpus.domains(), sums);
  }

  /** The sums of one domain in one task. */
  private record DomainSums(String domain, TokenSums sums) implements Serializable {}

  private static Iterator<DomainSums> sums(
      Iterator<Document> documents, DocumentTokenCounter counter) {
    Counting counting = new Counting(counter);
    documents.forEachRemaining(document -> counting.visit(document, true));
    return counting.sums().iterator();
  }

  private static final class Counting implements DocumentVisitor {
    private final DocumentTokenCounter counter;
    private final Map<String, TokenSums> byDomain = new HashMap<>();

    Counting(DocumentTokenCounter counter) {
      this.counter = counter;
    }

    @Override
    public void visit(Document document, boolean drawn) {
      TokenSums before = byDomain.getOrDefault(document.domain(), TokenSums.NONE);
      byDomain.put(
          document.domain(), before.withDocument(counter.count(document), document.repaired()));
    }

    @Override
    public long tokens() {
      return Math.round(byDomain.values().stream().mapToDouble(TokenSums::tokens).sum());
    }

    List<DomainSums> sums() {
      List<DomainSums> result = new ArrayList<>();
      byDomain.forEach((domain, sums) -> result.add(new DomainSums(domain, sums)));
      return result;
    }
  }

  private static void add(JavaRDD<DomainSums> counted, Map<String, TokenSums> sums) {
    counted.collect().forEach(part -> sums.merge(part.domain(), part.sums(), TokenSums::plus));
  }

  private static List<DomainSize> sizes(
      SortedMap<String, DomainFiles> domains, Map<String, TokenSums> sums) {
    return domains.values().stream()
        .map(files -> DomainSize.of(files, sums.get(files.domain())))
        .toList();
  }
}
