package org.chameleon.stages;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.chameleon.config.Build;
import org.chameleon.config.Secrets;
import org.chameleon.corpus.Corpus;
import org.chameleon.corpus.CorpusFile;
import org.chameleon.corpus.KnownDomains;
import org.chameleon.corpus.LeftOut;
import org.chameleon.run.Counts;
import org.chameleon.run.DomainSizes;
import org.chameleon.run.StageOutput;
import org.chameleon.sampling.DomainSize;
import org.chameleon.storage.Json;

/**
 * What a stage can take over of its earlier output, domain by domain: the output of those whose
 * documents and settings are as they were. The result is the same as if all were made anew, since
 * no domain's output depends on another domain.
 */
public final class DomainReuse {
  private static final String DOMAIN = "domain";

  /** In place of what the documents of a domain are, where they are others now. */
  private static final String CHANGED = "";

  private final SortedMap<String, String> earlier;
  private final Counts counted;
  private final String settings;

  /** Returns what a stage can take over of what lies in place of its output. */
  public static DomainReuse into(StageOutput output, List<Object> inputs) {
    return new DomainReuse(output.earlier(), output.earlierCounts(), inputs);
  }

  /**
   * Creates the reuse of a stage.
   *
   * @param earlier what the earlier output of each domain depended on
   * @param counted what was counted of it
   * @param inputs all that the output of any domain depends on, besides its documents
   */
  public DomainReuse(SortedMap<String, String> earlier, Counts counted, List<Object> inputs) {
    this.earlier = earlier;
    this.counted = counted;
    this.settings =
        Build.current().version() + Json.text(Secrets.hidden(Json.configuration(inputs)));
  }

  private String fingerprint(String documents) {
    return DigestUtils.sha256Hex(settings + documents).substring(0, documents.isEmpty() ? 0 : 32);
  }

  /**
   * Returns what is to be read of a corpus, and which domains are not.
   *
   * @param before what the earlier attempt found
   */
  public Corpus.Unknown unknown(Corpus corpus, DomainSizes before) {
    SortedMap<String, KnownDomains.Known> known = new TreeMap<>();
    for (DomainSize domain : before.domains()) {
      String documents = corpus.identity(domain.sources());
      boolean holds =
          !documents.isEmpty() && fingerprint(documents).equals(earlier.get(domain.name()));
      known.put(
          domain.name(), new KnownDomains.Known(domain.sources(), holds ? documents : CHANGED));
    }
    Collection<String> called = counted.value(Counts.CALLED).orElse(new TreeSet<>());
    return corpus.without(new KnownDomains(known, called));
  }

  /**
   * Returns the sizes of all domains, and notes in the output what they depend on.
   *
   * @param before what the earlier attempt found
   * @param made sizes of the domains that were read
   */
  public DomainSizes sizes(
      Corpus corpus,
      Corpus.Unknown unknown,
      DomainSizes before,
      List<DomainSize> made,
      StageOutput output) {
    List<DomainSize> domains = new ArrayList<>(made);
    before.domains().stream()
        .filter(domain -> unknown.known().contains(domain.name()))
        .forEach(domains::add);
    domains.sort(Comparator.comparing(DomainSize::name));
    SortedMap<String, String> fingerprints = new TreeMap<>();
    for (DomainSize domain : domains) {
      String documents = corpus.identity(domain.sources());
      fingerprints.put(domain.name(), fingerprint(documents));
    }
    output.fingerprints(fingerprints);
    return new DomainSizes(domains, corpus.tables(), leftOut(corpus, unknown, before));
  }

  /** Returns what is counted of names, and of domains that were taken over. */
  public static Counts counts(Corpus corpus, Corpus.Unknown unknown) {
    Counts counts =
        corpus.names().isEmpty() ? Counts.NONE : Counts.NONE.with(Counts.CALLED, corpus.names());
    long kept = unknown.known().size();
    return kept == 0 ? counts : counts.with(Counts.KEPT_DOMAINS, kept);
  }

  /** Files that were not read hold what they held. */
  private static List<LeftOut> leftOut(Corpus corpus, Corpus.Unknown unknown, DomainSizes before) {
    Set<String> unread = paths(corpus);
    unread.removeAll(paths(unknown.corpus()));
    List<LeftOut> leftOut = new ArrayList<>(unknown.corpus().leftOut());
    before.leftOut().stream().filter(one -> unread.contains(one.path())).forEach(leftOut::add);
    leftOut.sort(Comparator.comparing(LeftOut::path));
    return leftOut;
  }

  private static Set<String> paths(Corpus corpus) {
    return corpus.files().stream()
        .map(CorpusFile::path)
        .map(Secrets::hidden)
        .collect(Collectors.toCollection(HashSet::new));
  }

  /**
   * Returns the domains whose output can be taken over, and notes what that of each depends on.
   *
   * @param documents what stands for the documents of each domain
   */
  public SortedSet<String> holding(Map<String, String> documents, StageOutput output) {
    SortedMap<String, String> fingerprints = new TreeMap<>(documents);
    fingerprints.replaceAll((domain, of) -> fingerprint(of));
    output.fingerprints(fingerprints);
    SortedSet<String> holding = new TreeSet<>();
    fingerprints.forEach(
        (domain, now) -> {
          if (!now.isEmpty() && now.equals(earlier.get(domain))) {
            holding.add(domain);
          }
        });
    return holding;
  }

  /**
   * Returns rows, and those of some domains besides.
   *
   * @param there asked for where there are such domains
   */
  public static Dataset<Row> and(
      Dataset<Row> rows, SortedSet<String> domains, Supplier<Dataset<Row>> there) {
    return domains.isEmpty() ? rows : rows.unionByName(of(there.get(), domains));
  }

  /** Returns the rows of some domains. */
  private static Dataset<Row> of(Dataset<Row> rows, SortedSet<String> domains) {
    return joined(rows, domains, "left_semi");
  }

  /** Returns the rows of all domains but some. */
  public static Dataset<Row> without(Dataset<Row> rows, SortedSet<String> domains) {
    return domains.isEmpty() ? rows : joined(rows, domains, "left_anti");
  }

  private static Dataset<Row> joined(Dataset<Row> rows, SortedSet<String> domains, String how) {
    Dataset<Row> names =
        rows.sparkSession().createDataset(List.copyOf(domains), Encoders.STRING()).toDF(DOMAIN);
    return rows.join(functions.broadcast(names), rows.col(DOMAIN).equalTo(names.col(DOMAIN)), how);
  }
}
