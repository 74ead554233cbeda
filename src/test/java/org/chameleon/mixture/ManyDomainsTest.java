package org.chameleon.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.chameleon.config.ConfigReader;
import org.chameleon.config.InvalidInputException;
import org.chameleon.embedding.DomainEmbedding;
import org.chameleon.embedding.DomainEmbeddings;
import org.chameleon.embedding.EmbeddingParts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The mixture of many domains against that of few, which makes matrices of their pairs. */
class ManyDomainsTest {
  private static final int WIDTH = 6;
  private static final Offset<Double> CLOSE = within(1e-9);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "mixture.objective = finetune",
        "mixture.debias = true",
        "mixture.normalize-scores = false",
        "mixture.lambda-mode = absolute, mixture.lambda = 0.3",
        "mixture.max-ratio = 3, mixture.score-floor = 0.5",
        "mixture.families { f = [d003, d017, d018], g = [d050] }",
        "mixture.families { d003 = [d004, d005] }, mixture.within-families = scores",
        "mixture.reuse { d001 = 2, d007 = 1 }"
      })
  void weightsAreThoseOfAllPairs(String settings) {
    MixtureConfig config = config(settings);
    DomainEmbeddings few = domains(60, 5, 7);
    Map<String, Long> tokens = tokens(few);
    Mixture paired = Mixture.of(few, tokens, config);
    Mixture many = Mixture.ofMany(parts(few, 4), tokens, config);
    assertThat(many.effectiveLambda()).isCloseTo(paired.effectiveLambda(), CLOSE);
    assertThat(many.effectiveTemperature()).isCloseTo(paired.effectiveTemperature(), CLOSE);
    assertThat(many.effectiveDimension()).isCloseTo(paired.effectiveDimension(), CLOSE);
    for (int i = 0; i < 60; i++) {
      Mixture.Domain one = paired.domains().get(i);
      Mixture.Domain other = many.domains().get(i);
      assertThat(other.name()).isEqualTo(one.name());
      assertThat(other.samples()).isEqualTo(one.samples());
      assertThat(other.rawScore()).isCloseTo(one.rawScore(), CLOSE);
      assertThat(other.score()).isCloseTo(one.score(), CLOSE);
      assertThat(other.weight()).isCloseTo(one.weight(), CLOSE);
      assertThat(other.weightDebiased()).isCloseTo(one.weightDebiased(), CLOSE);
      assertThat(other.family()).isEqualTo(one.family());
      assertThat(other.familyShare()).isCloseTo(one.familyShare(), CLOSE);
      assertThat(other.proportional()).isEqualTo(one.proportional());
      assertThat(other.reused()).isEqualTo(one.reused());
    }
    assertThat(many.affinity()).isNull();
    assertThat(many.rankSwaps()).isNull();
  }

  @Test
  void intervalsAreNearlyThoseOfAllPairs() {
    MixtureConfig config = config("");
    DomainEmbeddings few = domains(300, 16, 3);
    Mixture paired = Mixture.of(few, Map.of(), config);
    Mixture many = Mixture.ofMany(parts(few, 3), Map.of(), config);
    double[] wider =
        IntStream.range(0, 300)
            .mapToDouble(i -> width(many.domains().get(i)) / width(paired.domains().get(i)))
            .sorted()
            .toArray();
    assertThat(wider[150]).isCloseTo(1, within(0.03));
    // Of a domain whose own windows hardly move it, the others' are more of the whole.
    assertThat(wider[30]).isGreaterThan(0.75);
    assertThat(wider[270]).isLessThan(1.1);
  }

  private static double width(Mixture.Domain domain) {
    return domain.weightHigh() - domain.weightLow();
  }

  @Test
  void neighboursAreTheNearest() {
    DomainEmbeddings few = domains(90, 1, 11);
    Mixture many = Mixture.ofMany(parts(few, 5), Map.of(), config(""));
    for (int i = 0; i < 90; i++) {
      int own = i;
      List<Integer> nearest =
          IntStream.range(0, 90)
              .boxed()
              .filter(j -> j != own)
              .sorted(Comparator.comparingDouble(j -> distance(few, own, j)))
              .limit(5)
              .toList();
      List<Mixture.Neighbour> found = many.domains().get(i).neighbours();
      assertThat(found)
          .extracting(Mixture.Neighbour::domain)
          .isEqualTo(nearest.stream().map(few.names()::get).toList());
      for (int n = 0; n < 5; n++) {
        double expected = distance(few, own, nearest.get(n));
        assertThat(found.get(n).squaredDistance()).isCloseTo(expected, CLOSE);
      }
    }
  }

  @Test
  void nearDuplicatesAreFoundAmongNeighbours() {
    List<DomainEmbedding> domains = new ArrayList<>(domains(40, 1, 5).domains());
    for (int i = 0; i < 8; i++) {
      DomainEmbedding first = domains.get(7);
      double shift = 1e-3 * i;
      double[] near = Arrays.stream(first.mean()).map(x -> x + shift).toArray();
      domains.add(new DomainEmbedding("near%d".formatted(i), 3, near, List.of()));
    }
    DomainEmbeddings all = new DomainEmbeddings(domains);
    Mixture many = Mixture.ofMany(parts(all, 2), Map.of(), config(""));
    assertThat(many.warnings())
        .filteredOn(warning -> warning.code().equals("NEAR_DUPLICATES"))
        .singleElement()
        .satisfies(
            warning -> assertThat(warning.domains()).hasSize(9).contains("d007", "near0", "near7"));
    Mixture together = Mixture.ofMany(parts(all, 2), Map.of(), config("mixture.families = auto"));
    Mixture paired = Mixture.of(all, Map.of(), config("mixture.families = auto"));
    for (int i = 0; i < paired.domains().size(); i++) {
      double expected = paired.domains().get(i).weight();
      assertThat(together.domains().get(i).weight()).isCloseTo(expected, CLOSE);
      assertThat(together.domains().get(i).family()).isEqualTo(paired.domains().get(i).family());
    }
  }

  @Test
  void familiesOfDomainsThatThereAreNotAreRefused() {
    EmbeddingParts parts = parts(domains(20, 1, 5), 2);
    assertThatThrownBy(
            () -> Mixture.ofMany(parts, Map.of(), config("mixture.families { f = [d003, x] }")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("mixture.families.f has domain 'x', and there is none among the 20");
    assertThatThrownBy(
            () ->
                Mixture.ofMany(parts, Map.of(), config("mixture.families { f = [d3], g = [d3] }")))
        .isInstanceOf(InvalidInputException.class);
  }

  private static MixtureConfig config(String settings) {
    Config defaults = ConfigFactory.parseResources("reference.conf").getConfig("chameleon");
    Config section = ConfigFactory.parseString(settings).withFallback(defaults);
    return ConfigReader.read(section.withOnlyPath("mixture"), "mixture", MixtureConfig.class);
  }

  private static double distance(DomainEmbeddings domains, int one, int other) {
    double[] a = domains.domains().get(one).mean();
    double[] b = domains.domains().get(other).mean();
    return IntStream.range(0, a.length).mapToDouble(j -> (a[j] - b[j]) * (a[j] - b[j])).sum();
  }

  private static Map<String, Long> tokens(DomainEmbeddings domains) {
    Map<String, Long> tokens = new TreeMap<>();
    domains.names().forEach(name -> tokens.put(name, 1000L + 37L * tokens.size()));
    return tokens;
  }

  /** Domains of several groups of windows each, with some noise. */
  private static DomainEmbeddings domains(int k, int groups, long seed) {
    Random random = new Random(seed);
    List<DomainEmbedding> domains = new ArrayList<>();
    for (int i = 0; i < k; i++) {
      double[] centre = new double[WIDTH];
      Arrays.setAll(centre, j -> 3 + random.nextGaussian() / (j + 1));
      List<DomainEmbedding.Group> all = new ArrayList<>();
      double[] mean = new double[WIDTH];
      long samples = 0;
      for (int g = 0; g < groups; g++) {
        int size = 2 + random.nextInt(5);
        double[] group = new double[WIDTH];
        Arrays.setAll(group, j -> centre[j] + 0.3 * random.nextGaussian() / Math.sqrt(size));
        Arrays.setAll(mean, j -> mean[j] + size * group[j]);
        samples += size;
        all.add(new DomainEmbedding.Group(size, group));
      }
      double total = samples;
      Arrays.setAll(mean, j -> mean[j] / total);
      domains.add(new DomainEmbedding("d%03d".formatted(i), samples, mean, all));
    }
    return new DomainEmbeddings(domains);
  }

  /** The same in parts, here. */
  private static EmbeddingParts parts(DomainEmbeddings domains, int count) {
    List<List<DomainEmbedding>> parts = new ArrayList<>();
    for (int p = 0; p < count; p++) {
      parts.add(new ArrayList<>());
    }
    domains.domains().forEach(d -> parts.get((d.domain().hashCode() & 0xff) % count).add(d));
    return new EmbeddingParts() {
      @Override
      public <T> List<T> each(Work<T> work) {
        return parts.stream().map(part -> work.of(part.iterator())).toList();
      }

      @Override
      public double[] sum(Work<double[]> work) {
        double[] sum = null;
        for (double[] part : each(work)) {
          double[] before = sum == null ? new double[part.length] : sum;
          sum = new double[part.length];
          for (int i = 0; i < sum.length; i++) {
            sum[i] = before[i] + part[i];
          }
        }
        return sum;
      }

      @Override
      public int width() {
        return WIDTH;
      }
    };
  }
}
