package org.chameleon.sampling;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/**
 * Random choices that depend on a seed and on what is chosen from, never on where it is computed.
 */
public final class Draws {
  private Draws() {}

  /** Returns a seed for one domain and purpose. */
  public static long seed(long seed, String purpose, String domain) {
    long hash = mix(seed);
    for (byte b : (purpose + "\0" + domain).getBytes(StandardCharsets.UTF_8)) {
      hash = mix(hash ^ b);
    }
    return hash;
  }

  /** Mixes the bits of a number so that each depends on all (the finaliser of SplitMix64). */
  public static long mix(long z) {
    long x = z + 0x9E3779B97F4A7C15L;
    x = (x ^ (x >>> 30)) * 0xBF58476D1CE4E5B9L;
    x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
    return x ^ (x >>> 31);
  }

  /**
   * Draws {@code count} of the numbers below {@code total} without replacement, ascending. A larger
   * draw with the same seed contains a smaller one.
   */
  static long[] ordinals(long seed, long count, long total) {
    int n = (int) Math.min(Math.min(count, total), Integer.MAX_VALUE - 8);
    if (n == total) {
      return LongStream.range(0, total).toArray();
    }
    long[] drawn = new long[n];
    Map<Long, Long> moved = new HashMap<>();
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < n; i++) {
      long j = random.nextLong(i, total);
      drawn[i] = moved.getOrDefault(j, j);
      moved.put(j, moved.getOrDefault((long) i, (long) i));
      moved.remove((long) i);
    }
    Arrays.sort(drawn);
    return drawn;
  }
}
