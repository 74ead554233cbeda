package org.chameleon.sequences;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.chameleon.sampling.Draws;

/**
 * The sequences that a model is trained on under a mixture, in their order. Whose turn it is
 * follows from the mixture alone; which sequence of a domain comes first, second and so on from the
 * seed alone, so that all mixtures read the same of a domain in the same order, one more of it than
 * another. What a domain has too few of comes again in the same order.
 */
public final class MixtureSequences implements Iterator<int[]> {
  /** Sequences lie in blocks that are read in one piece; only blocks are shuffled. */
  private static final int BLOCKS = 1024;

  private final PoolReader pool;
  private final List<DomainOrder> domains = new ArrayList<>();
  private final int[] turns;
  private int turn;

  /**
   * Creates the sequences of a model.
   *
   * @param weights of the mixture, by domain, in any unit; a domain of which the pool has nothing
   *     must have none
   * @param count how many sequences
   * @param most how many sequences of a domain are read before they come again; of a domain that is
   *     not named, all that there are
   * @param seed of the order
   * @param purpose of the order: another purpose, another order
   */
  public MixtureSequences(
      PoolReader pool,
      Map<String, Double> weights,
      int count,
      Map<String, Long> most,
      long seed,
      String purpose) {
    this.pool = pool;
    this.turns = Turns.of(weights, count).order();
    for (String domain : new TreeMap<>(weights).keySet()) {
      long order = Draws.seed(seed, purpose, domain);
      long cut = most.getOrDefault(domain, Long.MAX_VALUE);
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

  /** Returns how many sequences were drawn so far, by domain. */
  public SortedMap<String, Long> drawn() {
    SortedMap<String, Long> drawn = new TreeMap<>();
    domains.forEach(domain -> drawn.put(domain.name, domain.taken));
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
