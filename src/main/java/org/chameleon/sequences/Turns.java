package org.chameleon.sequences;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Whose turn it is when, so that after any number of turns each domain has had its share of them
 * within less than one (R. Tijdeman, The chairman assignment problem, 1980). Of domains with equal
 * shares each is in turn, in the order of their names.
 *
 * @param places by domain, the numbers of its turns from 0, ascending; a share of 0 has none
 */
public record Turns(SortedMap<String, int[]> places) implements Serializable {
  private static final double ROUNDING = 1e-9;

  /** Copies the map. */
  public Turns {
    places = Collections.unmodifiableSortedMap(new TreeMap<>(places));
  }

  /**
   * Orders turns. Takes time in proportion to turns times domains.
   *
   * @param shares by domain, not negative and not all 0; they need not sum to 1
   */
  public static Turns of(Map<String, Double> shares, int turns) {
    double total = shares.values().stream().mapToDouble(Double::doubleValue).sum();
    SortedMap<String, int[]> places = new TreeMap<>();
    List<Domain> domains = new ArrayList<>();
    new TreeMap<>(shares)
        .forEach(
            (name, share) -> {
              places.put(name, new int[0]);
              if (share > 0) {
                domains.add(new Domain(name, share / total));
              }
            });
    double slack = domains.size() == 1 ? 0 : 1 / (2.0 * domains.size() - 2);
    for (int turn = 0; turn < turns; turn++) {
      next(domains, turn + 1, slack).take(turn);
    }
    domains.forEach(domain -> places.put(domain.name, domain.places()));
    return new Turns(places);
  }

  /** Returns the name of each turn's domain, as its place in the order of names. */
  public int[] order() {
    int[] order = new int[places.values().stream().mapToInt(turns -> turns.length).sum()];
    int domain = 0;
    for (int[] turns : places.values()) {
      for (int turn : turns) {
        order[turn] = domain;
      }
      domain++;
    }
    return order;
  }

  /** Of the domains that would not be too early, the one that is the first to be too late. */
  private static Domain next(List<Domain> domains, int turns, double slack) {
    Domain next = null;
    Domain latest = domains.get(0);
    for (Domain domain : domains) {
      boolean due = domain.behind(turns) >= slack - ROUNDING;
      if (due && (next == null || domain.deadline(slack) < next.deadline(slack) - ROUNDING)) {
        next = domain;
      }
      latest = domain.behind(turns) > latest.behind(turns) ? domain : latest;
    }
    return next == null ? latest : next;
  }

  /** A domain with the turns that it has had. */
  private static final class Domain {
    private final String name;
    private final double share;
    private int[] places = new int[16];
    private int taken;

    Domain(String name, double share) {
      this.name = name;
      this.share = share;
    }

    double behind(int turns) {
      return share * turns - taken;
    }

    /** The number of turns by which it must have had one more. */
    double deadline(double slack) {
      return (taken + 1 - slack) / share;
    }

    void take(int place) {
      places = taken == places.length ? Arrays.copyOf(places, 2 * taken) : places;
      places[taken++] = place;
    }

    int[] places() {
      return Arrays.copyOf(places, taken);
    }
  }
}
