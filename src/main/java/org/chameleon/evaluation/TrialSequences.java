package org.chameleon.evaluation;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.chameleon.sampling.Draws;
import org.chameleon.training.Turns;

/**
 * The sequences of a trial in their order. Whose turn it is follows from the mixture alone; which
 * sequence of a domain comes first, second and so on from the seed alone, so that all mixtures read
 * the same of a domain in the same order, one more of it than another.
 */
final class TrialSequences implements Iterator<int[]> {
  /** Sequences lie in blocks that are read in one piece; only blocks are shuffled. */
  private static final int BLOCKS = 1024;

  private final PoolReader pool;
  private final List<DomainOrder> domains = new ArrayList<>();
  private final int[] turns;
  private final int context;
  private int turn;

  /**
   * Creates the sequences of a trial.
   *
   * @param weights of the mixture, by domain
   * @param seed of the run
   */
  TrialSequences(
      PoolReader pool,
      SortedMap<String, Double> weights,
      TrialSizes sizes,
      Trial trial,
      long seed) {
    this.pool = pool;
    this.context = sizes.context();
    this.turns = Turns.of(weights, sizes.sequences(trial.horizon())).order();
    for (String domain : new TreeMap<>(weights).keySet()) {
      long order = Draws.seed(seed, "trial " + trial.seed(), domain);
      long cut = sizes.cut(domain, trial.horizon());
      domains.add(new DomainOrder(domain, pool.sequences(domain), cut, order));
    }
  }

  @Override
  public boolean hasNext() {
    return turn < turns.length;
  }

  @Override
  public int[] next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    DomainOrder domain = domains.get(turns[turn++]);
    return pool.sequence(domain.name, domain.next());
  }

  /** Returns the tokens that were drawn so far, by domain. */
  SortedMap<String, Long> drawn() {
    SortedMap<String, Long> drawn = new TreeMap<>();
    domains.forEach(domain -> drawn.put(domain.name, domain.taken * context));
    return drawn;
  }

  /** The shuffled order of a domain's sequences, of which the first come again and again. */
  private static final class DomainOrder {
    private final String name;
    private final long count;
    private final long cut;
    private final long blockSize;
    private final int[] blocks;
    private int block;
    private long inBlock;
    private long place;
    private long taken;

    DomainOrder(String name, long count, long cut, long seed) {
      this.name = name;
      this.count = count;
      this.cut = Math.min(cut, count);
      this.blockSize = Math.max(1, count / BLOCKS);
      this.blocks = shuffled((int) ((count + blockSize - 1) / blockSize), seed);
    }

    private static int[] shuffled(int count, long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      int[] order = new int[count];
      for (int i = 0; i < count; i++) {
        int j = random.nextInt(i + 1);
        order[i] = order[j];
        order[j] = i;
      }
      return order;
    }

    long next() {
      if (place == cut) {
        place = 0;
        block = 0;
        inBlock = 0;
      }
      long index = blocks[block] * blockSize + inBlock;
      inBlock++;
      place++;
      taken++;
      if (inBlock == blockSize || index + 1 == count) {
        block++;
        inBlock = 0;
      }
      return index;
    }
  }
}
