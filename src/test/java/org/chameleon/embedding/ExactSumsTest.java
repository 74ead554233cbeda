package org.chameleon.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExactSumsTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void meanIsTheCorrectlyRoundedMeanInAnyOrderAndGrouping(int seed) {
    Random random = new Random(seed);
    List<double[]> vectors = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      double scale = Math.scalb(1.0, random.nextInt(180) - 100);
      double value = random.nextGaussian() * scale;
      vectors.add(new double[] {(float) value, value});
    }
    double[] expected = {brute(vectors, 0), brute(vectors, 1)};
    for (int trial = 0; trial < 5; trial++) {
      Collections.shuffle(vectors, random);
      ExactSums whole = new ExactSums();
      ExactSums part = new ExactSums();
      for (double[] vector : vectors) {
        part.add(vector);
        if (random.nextInt(10) == 0) {
          whole.merge(part);
          part = new ExactSums();
        }
      }
      whole.merge(part);
      assertThat(whole.count()).isEqualTo(200);
      assertThat(whole.mean()).containsExactly(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void termsAreTheSameInAnyOrderAndGivenOnAddUpToTheSame(int seed) {
    Random random = new Random(seed);
    List<double[]> vectors = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      float plain = (float) random.nextGaussian();
      double wide = random.nextGaussian() * Math.scalb(1.0, random.nextInt(250) - 145);
      vectors.add(new double[] {plain, wide, i == 0 ? -Float.MIN_VALUE : 0});
    }
    double[] terms = null;
    for (int trial = 0; trial < 4; trial++) {
      Collections.shuffle(vectors, random);
      ExactSums whole = new ExactSums();
      for (int from = 0; from < vectors.size(); from += trial + 1) {
        ExactSums part = new ExactSums();
        for (int i = from; i < Math.min(from + trial + 1, vectors.size()); i++) {
          part.add(vectors.get(i));
        }
        whole.merge(ExactSums.of(part.count(), part.getWidth(), part.getTerms()));
      }
      terms = terms == null ? whole.getTerms() : terms;
      assertThat(whole.getTerms()).containsExactly(terms);
      assertThat(ExactSums.of(60, 3, terms).mean()).containsExactly(whole.mean());
      assertThat(whole.mean()[1]).isEqualTo(brute(vectors, 1));
    }
  }

  @Test
  void aSumOfPlainNumbersIsOneTermOrTwo() {
    ExactSums sums = new ExactSums();
    sums.add(new double[] {1, -2.5});
    assertThat(sums.getTerms()).containsExactly(1, -2.5);
    sums.add(new double[] {0.5, 0});
    assertThat(sums.getTerms()).containsExactly(1.5, -2.5);
    sums.add(new double[] {Math.scalb(1f, -60), 0});
    assertThat(sums.getTerms()).containsExactly(1.5, Math.scalb(1.0, -60), -2.5, 0);
  }

  @Test
  void cancellationLosesNothing() {
    ExactSums sums = new ExactSums();
    sums.add(new double[] {1e30f});
    float tiny = 1e-30f;
    sums.add(new double[] {tiny});
    sums.add(new double[] {-1e30f});
    assertThat(sums.mean())
        .containsExactly(
            new BigDecimal((double) tiny)
                .divide(BigDecimal.valueOf(3), MathContext.DECIMAL128)
                .doubleValue());
  }

  @Test
  void valuesThatAreNotFiniteAreRefused() {
    ExactSums sums = new ExactSums();
    assertThatThrownBy(() -> sums.add(new double[] {Double.NaN})).hasMessageContaining("value NaN");
  }

  @Test
  void widthsMustAgree() {
    ExactSums sums = new ExactSums();
    sums.add(new double[] {1, 2});
    assertThatThrownBy(() -> sums.add(new double[] {1}))
        .hasMessageContaining("embeddings of width 2 and 1");
  }

  private static double brute(List<double[]> vectors, int index) {
    return vectors.stream()
        .map(v -> new BigDecimal(v[index]))
        .reduce(BigDecimal.ZERO, BigDecimal::add)
        .divide(BigDecimal.valueOf(vectors.size()), MathContext.DECIMAL128)
        .doubleValue();
  }
}
