package org.chameleon.mixture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.chameleon.config.WordOrLists;
import org.chameleon.embedding.DomainEmbedding;
import org.chameleon.embedding.DomainEmbeddings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of an absolute λ and T where they are not what they were in the paper. */
class ScaleWarningsTest extends MixtureFixture {
  private static final Optional<ProxyShape> PAPER = Optional.of(new ProxyShape(6, 768));
  private static final Optional<ProxyShape> SMALL = Optional.of(new ProxyShape(4, 192));
  private static final MixtureConfig PRESET = paper(Objective.PRETRAIN, 10);

  @Test
  void lambdaOfAnotherProxyIsGivenAsAPartOfTheTrace() {
    Mixture mixture = mixed(7, 1.25, PRESET);
    List<Warning> warnings = ScaleWarnings.of(mixture, SMALL, PRESET);
    assertThat(warnings)
        .containsExactly(
            new Warning(
                "ABSOLUTE_LAMBDA",
                List.of(),
                "mixture.lambda = 10 is absolute: with this proxy of 4 layers of width 192 it is 8"
                    + " times trace(K)/k, where the paper's was 0.29 times, with one of 6 layers of"
                    + " width 768. Set mixture.lambda-mode = relative and mixture.lambda = 0.29."));
    assertThat(ScaleWarnings.of(mixture, Optional.empty(), PRESET).get(0).message())
        .startsWith("mixture.lambda = 10 is absolute: with these embeddings it is 8 times");
  }

  @ParameterizedTest
  @CsvSource({
    // mean of K_ii, whether a proxy of the paper's shape is warned of
    "34.5, false",
    "20, false",
    "160, false",
    "8, false",
    "6, true",
    "500, true"
  })
  void anyOtherProxyIsWarnedOfAndThePapersWhereItIsFarOff(double mean, boolean paper) {
    Mixture mixture = mixed(7, mean, PRESET);
    assertThat(codes(mixture, SMALL)).containsExactly("ABSOLUTE_LAMBDA");
    assertThat(codes(mixture, Optional.empty())).containsExactly("ABSOLUTE_LAMBDA");
    assertThat(codes(mixture, PAPER)).hasSize(paper ? 1 : 0);
  }

  @Test
  void theTemperatureIsGivenAsThatOfSevenDomains() {
    assertThat(ScaleWarnings.of(mixed(14, 34.5, PRESET), PAPER, PRESET))
        .containsExactly(
            new Warning(
                "ABSOLUTE_TEMPERATURE",
                List.of(),
                "mixture.temperature = 5 is absolute: with 14 domains it is what 2.5 is with the"
                    + " paper's 7, and weights are further apart. Set"
                    + " mixture.temperature-mode = relative and mixture.temperature = 5."));
    MixtureConfig finetune = paper(Objective.FINETUNE, 10);
    assertThat(ScaleWarnings.of(mixed(14, 34.5, finetune), PAPER, finetune).get(0).message())
        .contains("with 14 domains it is what 0.4 is", "weights are closer together");
    assertThat(ScaleWarnings.of(mixed(5, 34.5, finetune), PAPER, finetune).get(0).message())
        .contains("with 5 domains it is what 0.143 is", "weights are further apart");
  }

  @Test
  void aTemperatureThatWasChosenForTheNumberOfDomainsIsRight() {
    MixtureConfig chosen =
        new MixtureConfig(
            Objective.PRETRAIN,
            10,
            Scale.ABSOLUTE,
            Optional.of(5.0 * 13 / 7),
            Scale.ABSOLUTE,
            true,
            Optional.empty(),
            Optional.empty(),
            WordOrLists.of("none"),
            WithinFamilies.TOKENS,
            false,
            Map.of(),
            List.of());
    assertThat(ScaleWarnings.of(mixed(13, 34.5, chosen), PAPER, chosen)).isEmpty();
  }

  @Test
  void relativeSettingsFitAnyProxyAndAnyNumberOfDomains() {
    MixtureConfig relative = config(Objective.PRETRAIN, 0.29, Scale.RELATIVE, Optional.of(4.0));
    assertThat(ScaleWarnings.of(mixed(13, 1000, relative), SMALL, relative)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void nothingIsSaidWhereNeitherChangesAWeight(int k) {
    assertThat(ScaleWarnings.of(mixed(k, 1, PRESET), SMALL, PRESET)).isEmpty();
    DomainEmbeddings same = scaled(random(4, 3, 1), 0);
    Mixture mixture = Mixture.of(same, Map.of(), PRESET);
    assertThat(ScaleWarnings.of(mixture, SMALL, PRESET)).isEmpty();
  }

  @Test
  void ofATemperatureThatWasRaisedItIsTheOneInUseThatCounts() {
    MixtureConfig limited = limited(50_000);
    Mixture little = mixed(40, 34.5, limited);
    double used = little.effectiveTemperature();
    assertThat(used).isBetween(5.1, 5.0 * 40 / 7 - .1);
    assertThat(ScaleWarnings.of(little, PAPER, limited).get(0).message())
        .contains("mixture.temperature = 5 is absolute: with 40 domains")
        .contains(", as used, is what")
        .contains("weights are further apart");
    MixtureConfig narrow = limited(1.01);
    Mixture much = mixed(40, 34.5, narrow);
    assertThat(much.effectiveTemperature()).isGreaterThan(5.0 * 40 / 7);
    assertThat(ScaleWarnings.of(much, PAPER, narrow)).isEmpty();
  }

  @Test
  void warningsComeBehindTheOthersAndMoveNothing() {
    MixtureConfig limited = limited(1e6);
    Mixture mixture = mixed(40, 1, limited);
    Mixture warned = mixture.withScaleWarnings(SMALL, limited);
    assertThat(warned.domains()).isEqualTo(mixture.domains());
    assertThat(warned.effectiveLambda()).isEqualTo(10);
    assertThat(warned.effectiveTemperature()).isEqualTo(mixture.effectiveTemperature());
    assertThat(mixture.warnings()).isNotEmpty();
    assertThat(warned.warnings())
        .startsWith(mixture.warnings().toArray(Warning[]::new))
        .extracting(Warning::code)
        .endsWith("ABSOLUTE_LAMBDA", "ABSOLUTE_TEMPERATURE");
  }

  /** Returns the preset with a largest ratio of weights. */
  private static MixtureConfig limited(double maxRatio) {
    return new MixtureConfig(
        Objective.PRETRAIN,
        10,
        Scale.ABSOLUTE,
        Optional.empty(),
        Scale.ABSOLUTE,
        true,
        Optional.of(maxRatio),
        Optional.empty(),
        WordOrLists.of("none"),
        WithinFamilies.TOKENS,
        false,
        Map.of(),
        List.of());
  }

  private static List<String> codes(Mixture mixture, Optional<ProxyShape> proxy) {
    return ScaleWarnings.of(mixture, proxy, PRESET).stream().map(Warning::code).toList();
  }

  /** Returns a mixture of k domains of which K has a given mean on its diagonal. */
  private static Mixture mixed(int k, double mean, MixtureConfig config) {
    DomainEmbeddings domains = random(k, 5, k);
    List<double[]> means = domains.domains().stream().map(DomainEmbedding::mean).toList();
    double found = Affinity.trace(Affinity.of(means)) / k;
    DomainEmbeddings fitting = found > 0 ? scaled(domains, Math.sqrt(mean / found)) : domains;
    return Mixture.of(fitting, Map.of(), config);
  }
}
