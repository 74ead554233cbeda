package org.chameleon.sampling;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
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
  /** Standard deviations of the windows of a split above their mean. */
  private static final double SLACK = 5;

  private final SampleConfig config;
  private final Map<String, DomainDraw> draws;
  private final KeptOut keptOut;
  private final Tokenizer tokenizer;
  private final Map<String, DomainCut> cuts = new HashMap<>();
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
      if (documents == 0 || here >= documents) {
        return windows;
      }
      double share = (double) windows * here / documents;
      return (int) Math.min(windows, Math.ceil(share + SLACK * Math.sqrt(share) + SLACK));
    }
  }

  /**
   * What one split contributes to a domain.
   *
   * @param domain its name
   * @param read the tokens of the documents read
   * @param windows the lowest of its windows
   * @param last place of the last of them, if there are more behind it; null if there are not
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
    return cuts.values().stream().mapToLong(cut -> cut.lowest.list().size()).sum();
  }

  List<Cut> cuts() {
    return cuts.values().stream()
        .map(
            cut ->
                new Cut(
                    cut.domain,
                    cut.read,
                    cut.lowest.list(),
                    cut.lowest.last().map(CutWindow::place).orElse(null)))
        .toList();
  }

  /** A window that waits for tokens of the next documents. */
  private static final class OpenWindow {
    private final CutWindow window;
    private int filled;

    OpenWindow(CutWindow window, int filled) {
      this.window = window;
      this.filled = filled;
    }
  }

  /** The windows of one domain. */
  private final class DomainCut {
    private final String domain;
    private final long seed;
    private final LowestWindows lowest;
    private final List<OpenWindow> open = new ArrayList<>();
    private TokenSums read = TokenSums.NONE;

    DomainCut(String domain) {
      this.domain = domain;
      this.seed = draws.get(domain).seed();
      int here = drawnHere.getOrDefault(domain, 0);
      this.lowest = new LowestWindows(draws.get(domain).kept(here));
    }

    /** A drawn document counts, whether anything is taken of it or not. */
    void count(Document document, int[] ids) {
      read = read.withDocument(ids.length, document.repaired());
    }

    void add(Document document, int[] ids, boolean drawn) {
      open.removeIf(waiting -> extend(waiting, ids));
      if (!drawn) {
        return;
      }
      long hash = Draws.mix(seed ^ Draws.mix(document.ordinal()));
      if (config.unit() == Unit.TOKENS) {
        for (int offset = 0; offset < ids.length; offset++) {
          start(document, ids, offset, 0, Draws.mix(hash + offset));
        }
      } else {
        startByDocument(document, ids, hash);
      }
    }

    private boolean extend(OpenWindow waiting, int[] ids) {
      int[] target = waiting.window.ids();
      int n = Math.min(ids.length, target.length - waiting.filled);
      System.arraycopy(ids, 0, target, waiting.filled, n);
      waiting.filled += n;
      if (waiting.filled == target.length) {
        lowest.offer(waiting.window);
        return true;
      }
      return false;
    }

    /** The first window of every document comes before the second of any. */
    private void startByDocument(Document document, int[] ids, long hash) {
      int[] offsets =
          IntStream.range(0, ids.length)
              .boxed()
              .sorted(Comparator.comparingLong(offset -> Draws.mix(hash + offset)))
              .mapToInt(Integer::intValue)
              .toArray();
      for (int round = 0; round < offsets.length && lowest.admits(round, hash); round++) {
        start(document, ids, offsets[round], round, hash);
      }
    }

    private void start(Document document, int[] ids, int offset, long round, long hash) {
      if (!lowest.admits(round, hash)) {
        return;
      }
      int known = Math.min(ids.length - offset, config.windowTokens());
      int length = config.span() == Span.STREAM ? config.windowTokens() : known;
      CutWindow window =
          new CutWindow(
              round,
              hash,
              document.ordinal(),
              offset,
              document.file(),
              document.row(),
              Arrays.copyOfRange(ids, offset, offset + length));
      if (known == length) {
        lowest.offer(window);
      } else {
        open.add(new OpenWindow(window, known));
      }
    }
  }
}
