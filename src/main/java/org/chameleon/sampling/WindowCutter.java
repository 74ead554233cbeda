package org.chameleon.sampling;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.chameleon.corpus.Document;
import org.chameleon.corpus.DocumentVisitor;
import org.chameleon.model.Tokenizer;
import org.chameleon.sampling.SampleConfig.Span;
import org.chameleon.sampling.SampleConfig.Unit;

/**
 * Cuts windows from the drawn documents of one split. Every token that can start a window gets a
 * random number from its place in the domain, and the lowest are kept: a uniform draw without
 * replacement that merges over splits.
 */
final class WindowCutter implements DocumentVisitor {
  /** Starts of a document that are put in order at once. */
  private static final int STARTS = 4096;

  /** Standard deviations of the windows of a split above their mean. */
  private static final double SLACK = 6;

  /** Variance of documents' lengths, over the square of their mean: of very uneven ones. */
  private static final double UNEVEN = 9;

  /** Standard errors by which documents may be shorter than those of the split so far. */
  private static final double SHORTER = 1;

  private static final int SOME = 4;
  private static final double HASHES = 0x1p64;

  private final SampleConfig config;
  private final Map<String, DomainDraw> draws;
  private final KeptOut keptOut;
  private final Tokenizer tokenizer;
  private final Map<String, DomainCut> cuts = new HashMap<>();
  private final WindowTokens kept = new WindowTokens();
  private Map<String, Integer> drawnHere = Map.of();

  /**
   * Creates a cutter.
   *
   * @param tokenizer of the proxy, or null when documents are token ids
   */
  WindowCutter(
      SampleConfig config, Map<String, DomainDraw> draws, KeptOut keptOut, Tokenizer tokenizer) {
    this.config = config;
    this.draws = draws;
    this.keptOut = keptOut;
    this.tokenizer = tokenizer;
  }

  /**
   * What is wanted of a domain.
   *
   * @param seed of its windows' order
   * @param windows most that are kept
   * @param documents that are drawn of it in all splits; 0 where each split keeps as many windows
   *     as are wanted in all
   */
  record DomainDraw(long seed, int windows, int documents) implements Serializable {
    /**
     * Returns how many windows a split keeps that has some of the documents: more than its share,
     * by so much that hardly ever one is missed.
     */
    int kept(int here) {
      return documents == 0 || here >= documents ? windows : (int) Math.min(windows, most(here));
    }

    /** Returns how many windows of a split could be among those wanted, all but certainly. */
    private double most(int here) {
      double share = (double) windows * here / documents;
      double variance = share + UNEVEN * share * share / here;
      return Math.ceil(share + SLACK * Math.sqrt(variance) + SLACK);
    }

    /**
     * Returns the hash behind which a window of a split is all but certainly not among those
     * wanted.
     *
     * @param here drawn documents of the split
     * @param read those of them that were read
     */
    long bound(int here, TokenSums read) {
      if (documents == 0 || read.documents() < SOME) {
        return Long.MAX_VALUE;
      }
      double mean = read.tokens() / read.documents();
      double variance = Math.max(0, read.squares() / read.documents() - mean * mean);
      double least = mean - SHORTER * Math.sqrt(variance / read.documents());
      double part = least <= 0 ? 1 : most(here) / (least * here);
      return part >= 1 ? Long.MAX_VALUE : (long) ((part - 0.5) * HASHES);
    }
  }

  /**
   * What one split contributes to a domain.
   *
   * @param domain its name
   * @param read the tokens of the documents read
   * @param windows the lowest of its windows
   * @param last first place behind which windows are missing; null if none is
   */
  record Cut(String domain, TokenSums read, List<CutWindow> windows, CutWindow.Place last)
      implements Serializable {}

  @Override
  public void begin(Map<String, Integer> drawn) {
    drawnHere = drawn;
  }

  @Override
  public void visit(Document document, boolean drawn) {
    boolean passed = keptOut.contains(document.domain(), document.ordinal());
    if (passed && !drawn) {
      return;
    }
    int[] tokens =
        document.tokens() != null ? document.tokens() : tokenizer.encode(document.text());
    DomainCut cut = cuts.computeIfAbsent(document.domain(), DomainCut::new);
    if (drawn) {
      cut.count(document, tokens);
    }
    if (!passed) {
      cut.add(document, tokens, drawn);
    }
  }

  @Override
  public boolean wantsMore(String domain) {
    DomainCut cut = cuts.get(domain);
    return cut != null && !cut.open.isEmpty();
  }

  @Override
  public boolean wantsMore() {
    return cuts.values().stream().anyMatch(cut -> !cut.open.isEmpty());
  }

  @Override
  public void endOfScan() {
    cuts.values().forEach(cut -> cut.open.clear());
  }

  @Override
  public long tokens() {
    return Math.round(cuts.values().stream().mapToDouble(cut -> cut.read.tokens()).sum());
  }

  @Override
  public long windows() {
    return cuts.values().stream().mapToLong(cut -> cut.lowest.count()).sum();
  }

  @Override
  public void close() {
    kept.close();
  }

  /** Returns what was cut of each domain; its windows are in memory when they are asked for. */
  Iterator<Cut> cuts() {
    return cuts.values().stream().map(DomainCut::cut).iterator();
  }

  /** The windows of one domain. */
  private final class DomainCut {
    private final String domain;
    private final long seed;
    private final LowestWindows lowest;
    private final OpenWindows open;
    private final int here;
    private long bound = Long.MAX_VALUE;
    private TokenSums read = TokenSums.NONE;

    DomainCut(String domain) {
      this.domain = domain;
      this.seed = draws.get(domain).seed();
      this.here = drawnHere.getOrDefault(domain, 0);
      this.lowest = new LowestWindows(draws.get(domain).kept(here), kept);
      this.open = new OpenWindows(config.windowTokens(), lowest);
    }

    Cut cut() {
      return new Cut(domain, read, lowest.list(), lowest.behind());
    }

    /** A drawn document counts, whether anything is taken of it or not. */
    void count(Document document, int[] ids) {
      read = read.withDocument(ids.length, document.repaired());
      bound = draws.get(domain).bound(here, read);
    }

    void add(Document document, int[] ids, boolean drawn) {
      open.goOn(ids);
      if (!drawn) {
        return;
      }
      List<CutWindow.Start> waiting = new ArrayList<>();
      long hash = Draws.mix(seed ^ Draws.mix(document.ordinal()));
      if (config.unit() == Unit.TOKENS) {
        for (int offset = 0; offset < ids.length; offset++) {
          start(document, ids, offset, 0, Draws.mix(hash + offset), waiting);
        }
      } else {
        startByDocument(document, ids, hash, waiting);
      }
      open.begin(waiting, ids);
    }

    /** The first window of every document comes before the second of any. */
    private void startByDocument(
        Document document, int[] ids, long hash, List<CutWindow.Start> waiting) {
      Offsets offsets = new Offsets(hash, ids.length, STARTS);
      for (int round = 0; round < ids.length; round++) {
        if (!lowest.admits(round, hash)) {
          lowest.refuse();
          return;
        }
        start(document, ids, offsets.next(), round, hash, waiting);
      }
    }

    private void start(
        Document document,
        int[] ids,
        int offset,
        long round,
        long hash,
        List<CutWindow.Start> waiting) {
      if (!lowest.admits(round, hash)) {
        lowest.refuse();
        return;
      }
      int known = Math.min(ids.length - offset, config.windowTokens());
      int length = config.span() == Span.STREAM ? config.windowTokens() : known;
      CutWindow.Start start =
          new CutWindow.Start(
              round, hash, document.ordinal(), offset, document.file(), document.row());
      if (known == length) {
        lowest.offer(start, ids, offset, length);
      } else if (config.unit() == Unit.TOKENS && hash > bound) {
        // What follows would be read for nothing.
        lowest.pass(start.place());
      } else {
        waiting.add(start);
      }
    }
  }

  /** The offsets of a document in a random order, put in order some at a time. */
  private static final class Offsets {
    private final long hash;
    private final int length;
    private final int some;
    private long[] next = new long[0];
    private int at;
    private long last = Long.MIN_VALUE;
    private boolean begun;

    Offsets(long hash, int length, int some) {
      this.hash = hash;
      this.length = length;
      this.some = some;
    }

    /** Returns the next offset; there must be one. */
    int next() {
      if (at == next.length) {
        next = following();
        at = 0;
        last = Draws.mix(hash + next[next.length - 1]);
        begun = true;
      }
      return (int) next[at++];
    }

    /** Returns the offsets of the lowest numbers above the last. */
    private long[] following() {
      PriorityQueue<Long> lowest = new PriorityQueue<>(this::descending);
      for (long offset = 0; offset < length; offset++) {
        long number = Draws.mix(hash + offset);
        boolean later = !begun || number > last;
        if (later && (lowest.size() < some || number < Draws.mix(hash + lowest.peek()))) {
          lowest.add(offset);
          if (lowest.size() > some) {
            lowest.poll();
          }
        }
      }
      return lowest.stream()
          .sorted(Comparator.comparingLong(offset -> Draws.mix(hash + offset)))
          .mapToLong(Long::longValue)
          .toArray();
    }

    private int descending(long one, long other) {
      return Long.compare(Draws.mix(hash + other), Draws.mix(hash + one));
    }
  }
}
