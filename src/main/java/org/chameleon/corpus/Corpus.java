package org.chameleon.corpus;

import static java.util.stream.Collectors.toSet;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import org.chameleon.cluster.TaskMetrics;
import org.chameleon.config.InvalidInputException;
import org.chameleon.storage.HadoopSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A text corpus split into domains: which files and rows each domain has, and a way to its
 * documents by number that reads no more than them.
 *
 * <p>The documents of a domain are numbered from 0 through its files in the order of their paths,
 * so a draw of numbers is the same whatever the number of partitions.
 */
public final class Corpus {
  private static final Logger LOG = LoggerFactory.getLogger(Corpus.class);

  private final SparkSession spark;
  private final Columns columns;
  private final List<CorpusFile> files;
  private final List<CorpusTable> tables;
  private final List<LeftOut> leftOut;
  private final CountedFiles counted;
  private SortedMap<String, DomainFiles> domains;
  private Map<String, CorpusFile> byShownPath;
  private TaskMetrics metrics;

  private Corpus(SparkSession spark, Columns columns, List<CorpusFile> files, CorpusFiles found) {
    this.spark = spark;
    this.columns = columns;
    this.files = files;
    this.tables = found.tables();
    this.leftOut = found.leftOut();
    this.counted = new CountedFiles(spark, columns);
    this.metrics = TaskMetrics.of(spark.sparkContext(), "corpus");
  }

  /** A part of a corpus: some of its domains, with all their files. */
  private Corpus(Corpus whole, List<CorpusFile> files, SortedMap<String, DomainFiles> domains) {
    this.spark = whole.spark;
    this.columns = whole.columns;
    this.files = files;
    this.tables = whole.tables;
    this.leftOut = whole.leftOut;
    this.counted = whole.counted;
    this.domains = domains;
    this.metrics = whole.metrics;
  }

  /**
   * Lists the files of a corpus; their rows are counted when first asked for.
   *
   * @throws InvalidInputException if a path names nothing
   */
  public static Corpus open(SparkSession spark, CorpusConfig config) {
    CorpusFiles found = new CorpusFiles(spark, config);
    List<CorpusFile> files = found.list();
    return new Corpus(spark, config.columns(), files, found);
  }

  /** Returns what the configuration says of the names of domains, a line for each. */
  public SortedSet<String> names() {
    return columns.names().lines();
  }

  /** Returns what identifies the content: path, size and modification time of every file. */
  public List<CorpusFile> files() {
    return Collections.unmodifiableList(files);
  }

  /**
   * Returns what tells the files of a domain from what they may become: a hash of path, size and
   * modification time of each, whether its place names the domain, and the domain's rows in it.
   * Empty where one is not there.
   */
  public String identity(List<DomainFiles.Source> sources) {
    return KnownDomains.identity(sources, byShownPath());
  }

  private synchronized Map<String, CorpusFile> byShownPath() {
    if (byShownPath == null) {
      byShownPath = new HashMap<>();
      files.forEach(file -> byShownPath.put(file.shownPath(), file));
    }
    return byShownPath;
  }

  /** Returns the tables that files belong to, as they were when the corpus was opened. */
  public List<CorpusTable> tables() {
    return Collections.unmodifiableList(tables);
  }

  /** Returns what lies where the corpus does and is not read: files, and rows without a domain. */
  public List<LeftOut> leftOut() {
    domains();
    List<LeftOut> all = new ArrayList<>(leftOut);
    for (CorpusFile file : files) {
      List<CorpusSplit> splits = counted.splits(file);
      long without = splits.stream().mapToLong(CorpusSplit::rowsWithoutDomain).sum();
      if (splits.isEmpty()) {
        all.add(new LeftOut(file.shownPath(), file.bytes(), "it has no rows"));
      } else if (without > 0) {
        String or = columns.names().leftOut().isEmpty() ? "" : ", or one that is left out";
        all.add(new LeftOut(file.shownPath(), 0, without + " row(s) have no domain" + or));
      }
    }
    all.sort(Comparator.comparing(LeftOut::path));
    return all;
  }

  /** Returns whether the documents are token ids instead of text. */
  public boolean holdsTokens() {
    return columns.tokens();
  }

  /**
   * Returns the files and rows of each domain, by name. The first call reads the footers of Parquet
   * files, their domain column where it has one, and JSON lines whole; on executors.
   *
   * @throws InvalidInputException if there is no row at all, or a column is missing or of another
   *     type
   */
  public synchronized SortedMap<String, DomainFiles> domains() {
    if (domains == null) {
      List<CorpusSplit> splits = counted.count(files, metrics);
      requireRows(files, splits, Set.of());
      domains = Collections.unmodifiableSortedMap(DomainFiles.byDomain(splits));
    }
    return domains;
  }

  /**
   * Returns the part of this corpus that is not known. Of the files of the known domains nothing is
   * read, as far as they hold no other.
   *
   * @param known domains of an earlier reading; those whose files are not as they were then are not
   *     known any more
   * @throws InvalidInputException as {@link #domains} does
   */
  public Unknown without(KnownDomains known) {
    KnownDomains there = known.in(byShownPath(), columns.names());
    KnownDomains held = there.ifNoOthers(columns.names());
    while (true) {
      Predicate<CorpusFile> unread = held::tellsAllOf;
      List<CorpusFile> read = files.stream().filter(unread.negate()).toList();
      List<CorpusSplit> splits = counted.count(read, metrics);
      KnownDomains still = held.asFoundIn(splits);
      if (still.equals(held)) {
        SortedMap<String, DomainFiles> found = new TreeMap<>(DomainFiles.byDomain(splits));
        SortedSet<String> names = held.names();
        requireRows(read, splits, names);
        found.keySet().removeAll(names);
        names.addAll(there.again(found));
        found.keySet().removeAll(names);
        return new Unknown(new Corpus(this, read, found), names, there.grown(found));
      }
      held = still;
    }
  }

  /**
   * What is not known of a corpus.
   *
   * @param corpus the documents of the unknown domains
   * @param known names of the other domains
   * @param grown names of the unknown domains that have only gained files: their documents in those
   *     that they had are what they were
   */
  public record Unknown(Corpus corpus, SortedSet<String> known, SortedSet<String> grown) {}

  /** Has tasks that read from now on count what they do there. */
  public void countInto(TaskMetrics stage) {
    metrics = stage;
  }

  /** What is known of other domains does not speak for one whose files have become empty. */
  private void requireRows(List<CorpusFile> read, List<CorpusSplit> splits, Set<String> known) {
    Map<String, Long> rows = new TreeMap<>();
    read.stream().filter(f -> !f.mixed()).forEach(f -> rows.put(f.domain(), 0L));
    splits.forEach(s -> s.domainRows().forEach((d, n) -> rows.merge(d, n, Long::sum)));
    if (!splits.isEmpty() && splits.stream().noneMatch(CorpusSplit::hasContent)) {
      throw splits
          .get(0)
          .file()
          .missingColumn(columns.content(), "other fields in all rows that were looked at");
    }
    if (rows.isEmpty() && known.isEmpty()) {
      boolean unnamed = !splits.isEmpty() && columns.names().leftOut().isEmpty();
      throw unnamed
          ? splits
              .get(0)
              .file()
              .refused(
                  "no row has a domain in '%s', nor has one of any other file. Set corpus.domain-column to a column with the domains."
                      .formatted(columns.domain()))
          : new InvalidInputException(
              "Cannot use an empty corpus: no rows in %d file(s)%s."
                  .formatted(
                      files.size(),
                      files.isEmpty() ? "" : ", the first is " + files.get(0).path()));
    }
    say(read, splits);
    rows.forEach(
        (domain, n) -> {
          if (n == 0 && !known.contains(domain)) {
            throw new InvalidInputException(
                "Cannot use domain '%s': its files have no rows. Add data or remove the domain."
                    .formatted(domain));
          }
        });
  }

  private void say(List<CorpusFile> read, List<CorpusSplit> splits) {
    Set<CorpusFile> withRows = splits.stream().map(CorpusSplit::file).collect(toSet());
    List<String> empty =
        read.stream().filter(f -> !withRows.contains(f)).map(CorpusFile::shownPath).toList();
    if (!empty.isEmpty()) {
      LOG.warn("corpus: {} file(s) have no rows, such as {}", empty.size(), empty.get(0));
    }
    long unnamed = splits.stream().mapToLong(CorpusSplit::rowsWithoutDomain).sum();
    if (unnamed > 0 && columns.names().leftOut().isEmpty()) {
      LOG.warn("corpus: {} row(s) have no domain and are left out", unnamed);
    }
  }

  /** Makes the visitor of one split, on an executor. */
  @FunctionalInterface
  public interface VisitorFactory<V extends DocumentVisitor> extends Serializable {
    /** Returns a new visitor. */
    V create();
  }

  /** Turns a visitor that has seen all its documents into results, on an executor. */
  @FunctionalInterface
  public interface VisitorResult<V extends DocumentVisitor, T> extends Serializable {
    /** Returns what the visitor found; it may be made as it is asked for. */
    Iterator<T> of(V visitor);
  }

  /**
   * Reads documents by their numbers on executors, one visitor per split.
   *
   * @param ordinals by domain, the numbers of the documents, ascending
   * @return the results of all visitors
   */
  public <V extends DocumentVisitor, T> JavaRDD<T> read(
      Map<String, long[]> ordinals, VisitorFactory<V> visitors, VisitorResult<V, T> result) {
    Columns read = columns;
    TaskMetrics counted = metrics;
    Broadcast<SerializableConfiguration> hadoop = HadoopSettings.broadcast(spark);
    return draws(ordinals)
        .flatMap(
            draw -> {
              TaskMetrics.Work work = counted.start();
              V visitor = visitors.create();
              TaskContext.get()
                  .addTaskCompletionListener((TaskCompletionListener) ended -> visitor.close());
              CorpusScan.scan(draw, read, hadoop.value().value(), visitor);
              work.done(visitor.windows(), visitor.tokens());
              return result.of(visitor);
            });
  }

  private JavaRDD<SplitDraw> draws(Map<String, long[]> ordinals) {
    List<NumberedSplit> numbered = numbered();
    Map<CorpusFile, Long> rows = rows(numbered);
    EvenTasks tasks = EvenTasks.of(spark);
    List<SplitDraw> draws = SplitDraw.evenly(locate(numbered, ordinals), rows, tasks);
    return tasks.spread(draws, draw -> draw.bytes(rows), spark);
  }

  /**
   * Returns documents by their numbers, read on executors. Each is held no longer than its reader
   * needs it: a task's memory does not grow with their number.
   *
   * @param ordinals by domain, the numbers of the documents, ascending
   */
  public JavaRDD<Document> documents(Map<String, long[]> ordinals) {
    Columns read = columns;
    TaskMetrics counted = metrics;
    Broadcast<SerializableConfiguration> hadoop = HadoopSettings.broadcast(spark);
    return draws(ordinals)
        .flatMap(draw -> DocumentIterator.drawn(draw, read, hadoop.value().value(), counted));
  }

  /**
   * Returns all documents, read on executors. Each is held no longer than its reader needs it: a
   * task's memory does not grow with its number of documents.
   */
  public JavaRDD<Document> documents() {
    return documentsWithout(Map.of());
  }

  /**
   * Returns the documents of its domains but those in some files, as {@link #documents()} does.
   *
   * @param without by domain, paths of the files as they are shown
   */
  public JavaRDD<Document> documentsWithout(Map<String, Set<String>> without) {
    List<NumberedSplit> splits = numbered();
    Map<CorpusFile, Long> rows = rows(splits);
    List<NumberedSplit> all =
        splits.stream()
            .map(split -> split.of(domains().keySet(), without))
            .filter(split -> !split.firstOrdinal().isEmpty())
            .toList();
    Columns read = columns;
    TaskMetrics counted = metrics;
    Broadcast<SerializableConfiguration> hadoop = HadoopSettings.broadcast(spark);
    return EvenTasks.of(spark)
        .spread(all, numbered -> numbered.split().bytes(rows), spark)
        .flatMap(split -> DocumentIterator.all(split, read, hadoop.value().value(), counted));
  }

  private static Map<CorpusFile, Long> rows(List<NumberedSplit> splits) {
    Map<CorpusFile, Long> rows = new HashMap<>();
    splits.forEach(s -> rows.merge(s.split().file(), s.split().rows(), Long::sum));
    return rows;
  }

  private List<NumberedSplit> numbered() {
    domains();
    Map<String, Long> next = new HashMap<>();
    List<NumberedSplit> numbered = new ArrayList<>();
    for (CorpusSplit split : counted.count(files, metrics)) {
      Map<String, Long> first = new TreeMap<>();
      split
          .domainRows()
          .forEach((domain, n) -> first.put(domain, next.merge(domain, n, Long::sum) - n));
      numbered.add(new NumberedSplit(split, first));
    }
    return numbered;
  }

  private List<SplitDraw> locate(List<NumberedSplit> splits, Map<String, long[]> ordinals) {
    List<SplitDraw> draws = new ArrayList<>();
    for (NumberedSplit numbered : splits) {
      Map<String, long[]> drawn = new TreeMap<>();
      numbered
          .firstOrdinal()
          .forEach(
              (domain, start) -> {
                long rows = numbered.split().domainRows().get(domain);
                long[] within = within(ordinals.get(domain), start, start + rows);
                if (within.length > 0) {
                  drawn.put(domain, within);
                }
              });
      if (!drawn.isEmpty()) {
        draws.add(new SplitDraw(numbered.split(), numbered.firstOrdinal(), drawn));
      }
    }
    if (!domains().keySet().containsAll(ordinals.keySet())) {
      throw new IllegalArgumentException("Unknown domain in " + ordinals.keySet());
    }
    return draws;
  }

  private static long[] within(long[] ordinals, long from, long to) {
    if (ordinals == null) {
      return new long[0];
    }
    int low = Arrays.binarySearch(ordinals, from);
    int high = Arrays.binarySearch(ordinals, to);
    return Arrays.copyOfRange(ordinals, low < 0 ? -low - 1 : low, high < 0 ? -high - 1 : high);
  }
}
