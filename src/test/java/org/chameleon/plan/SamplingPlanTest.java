package org.chameleon.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.chameleon.corpus.DomainFiles;
import org.chameleon.mixture.Mixture;
import org.chameleon.mixture.Warning;
import org.chameleon.sampling.DomainStatistics;
import org.junit.jupiter.api.Test;

class SamplingPlanTest {
  @Test
  void tokensFollowTheWeights() {
    SamplingPlan plan = plan(new double[] {.2, .3, .5}, new long[] {1000, 1000, 1000}, 1000L, 4);
    assertThat(plan.domains())
        .extracting(SamplingPlan.Domain::tokens)
        .containsExactly(200L, 300L, 500L);
    assertThat(plan.domains()).extracting(SamplingPlan.Domain::epochs).containsExactly(.2, .3, .5);
    assertThat(plan.domains()).noneMatch(SamplingPlan.Domain::capped);
    assertThat(plan.warnings()).isEmpty();
  }

  @Test
  void whatACappedDomainCannotTakeGoesToTheOthersInProportion() {
    SamplingPlan plan = plan(new double[] {.5, .3, .2}, new long[] {100, 10000, 10000}, 1000L, 2);
    assertThat(plan.domains())
        .extracting(SamplingPlan.Domain::tokens)
        .containsExactly(200L, 480L, 320L);
    assertThat(plan.domains().get(0).capped()).isTrue();
    assertThat(plan.domains().get(0).epochs()).isEqualTo(2.0);
    assertThat(plan.warnings()).extracting(Warning::code).containsExactly("EPOCHS_CAPPED");
  }

  @Test
  void aBudgetThatNoPlanFitsIsRefusedWithTheLargestThatDoes() {
    assertThatThrownBy(() -> plan(new double[] {.5, .5}, new long[] {100, 200}, 1201L, 4))
        .hasMessage(
            "Cannot plan 1201 tokens: with at most 4.0 epochs of each domain the corpus gives 1200. Lower plan.tokens to that, raise plan.max-epochs, or add data.");
    SamplingPlan all = plan(new double[] {.5, .5}, new long[] {100, 200}, 1200L, 4);
    assertThat(all.domains()).extracting(SamplingPlan.Domain::tokens).containsExactly(400L, 800L);
  }

  @Test
  void withoutABudgetTheCorpusIsPlannedOnce() {
    assertThat(plan(new double[] {.5, .5}, new long[] {100, 200}, null, 4).targetTokens())
        .isEqualTo(300);
  }

  @Test
  void tenThousandRandomPlansAddUpAndHoldTheirLimits() {
    Random random = new Random(1);
    for (int trial = 0; trial < 10_000; trial++) {
      int k = 1 + random.nextInt(8);
      double[] weights = new double[k];
      long[] available = new long[k];
      for (int i = 0; i < k; i++) {
        weights[i] = Math.exp(4 * random.nextGaussian());
        available[i] = 1L + random.nextInt(1000);
      }
      double sum = Arrays.stream(weights).sum();
      weights = Arrays.stream(weights).map(w -> w / sum).toArray();
      double[] limits = Arrays.stream(available).mapToDouble(a -> 4.0 * a).toArray();
      long most = 4 * Arrays.stream(available).sum();
      long budget = 1 + (long) (random.nextDouble() * most);
      double[] shares = TokenBudget.shares(weights, limits, (double) budget);
      long[] tokens = TokenBudget.whole(shares, limits, budget);
      assertThat(Arrays.stream(tokens).sum()).isEqualTo(budget);
      for (int i = 0; i < k; i++) {
        assertThat(tokens[i]).isBetween(0L, 4 * available[i]);
        assertThat((double) tokens[i]).isCloseTo(shares[i], within(1.0 + 1e-6));
        for (int j = 0; j < k; j++) {
          boolean free = shares[i] < limits[i] - 1e-9 && shares[j] < limits[j] - 1e-9;
          if (free) {
            assertThat(shares[i] * weights[j])
                .isCloseTo(shares[j] * weights[i], within(1e-9 * budget));
          }
        }
      }
    }
  }

  @Test
  void printedSharesSumToExactlyOne() {
    Random random = new Random(2);
    for (int trial = 0; trial < 1000; trial++) {
      double[] raw = random.doubles(1 + random.nextInt(30), 1e-9, 1).toArray();
      double[] printed = Shares.of(raw);
      BigDecimal total =
          Arrays.stream(printed)
              .mapToObj(x -> new BigDecimal(Double.toString(x)))
              .reduce(BigDecimal.ZERO, BigDecimal::add);
      assertThat(total).isEqualByComparingTo(BigDecimal.ONE);
    }
  }

  @Test
  void drawingRowsByRowProbabilityGivesTheWeightsInTokens() {
    // Documents of 2000, 300 and 100 tokens on average.
    List<DomainStatistics> sizes =
        List.of(size("d0", 100, 200_000), size("d1", 500, 150_000), size("d2", 1000, 100_000));
    SamplingPlan plan = SamplingPlan.of(mixture(.2, .3, .5), sizes, 1, config(100_000L, 4));
    double[] tokens = new double[3];
    double[] length = {2000, 300, 100};
    double all = 0;
    for (int i = 0; i < 3; i++) {
      tokens[i] = plan.domains().get(i).rowProbability() * length[i];
      all += tokens[i];
    }
    double total = all;
    assertThat(Arrays.stream(tokens).map(t -> t / total).toArray())
        .containsExactly(new double[] {.2, .3, .5}, within(1e-12));
  }

  @Test
  void megatronGetsPairsOfWeightAndPath() throws IOException {
    SamplingPlan plan = plan(new double[] {.25, .75}, new long[] {1000, 1000}, 100L, 4);
    Map<String, String> files = exports(plan, Map.of("megatron", "/tok/{domain}_text_document"));
    assertThat(files.get("megatron.txt"))
        .isEqualTo("0.25 /tok/d0_text_document\n0.75 /tok/d1_text_document\n");
    JsonNode json = new ObjectMapper().readTree(files.get("megatron.json"));
    assertThat(json.get("train"))
        .extracting(JsonNode::asText)
        .containsExactly("0.25", "/tok/d0_text_document", "0.75", "/tok/d1_text_document");
    assertThat(json.get("valid").isNull()).isTrue();
    assertThat(json.get("test").isNull()).isTrue();
  }

  @Test
  void aDomainOfManyFilesIsSharedOutByTheirRows() {
    List<DomainFiles.Source> sources =
        List.of(
            new DomainFiles.Source("file:/c/a", 1, 30, false),
            new DomainFiles.Source("file:/c/b", 1, 10, false));
    DomainStatistics size = new DomainStatistics("d0", 2, 40, 2, 1000, 0, 1, sources);
    SamplingPlan plan = SamplingPlan.of(mixture(1.0), List.of(size), 1, config(100L, 4));
    assertThat(exports(plan, Map.of()).get("megatron.txt")).isEqualTo("0.75 /c/a\n0.25 /c/b\n");
  }

  @Test
  void aPathWithASpaceIsRefusedForMegatron() {
    SamplingPlan plan = plan(new double[] {1}, new long[] {1000}, 100L, 4);
    assertThatThrownBy(() -> exports(plan, Map.of("megatron", "/my data/{domain}")))
        .hasMessageContaining("the path '/my data/d0' has some");
  }

  @Test
  void aCorpusPathWithASpaceIsWarnedOfAndNotWritten() {
    DomainFiles.Source source = new DomainFiles.Source("file:/my data/a.parquet", 1, 10, false);
    DomainStatistics size = new DomainStatistics("d0", 1, 10, 1, 100, 0, 1, List.of(source));
    PlanConfig config =
        new PlanConfig(Optional.empty(), 8, 4, List.of(ExportTarget.MEGATRON), Map.of());
    SamplingPlan plan = SamplingPlan.of(mixture(1.0), List.of(size), 1, config);
    assertThat(plan.warnings().get(0).message())
        .isEqualTo(
            "No file was written for megatron: its paths cannot have white space, as in 'file:/my data/a.parquet'. Set plan.paths.megatron.");
    assertThat(Exports.of(plan, config, "domain")).isEmpty();
  }

  @Test
  void huggingFaceGetsRowProbabilitiesInTheOrderOfItsDatasets() throws IOException {
    List<DomainStatistics> sizes = List.of(size("d0", 10, 1000), size("d1", 100, 1000));
    SamplingPlan plan = SamplingPlan.of(mixture(.5, .5), sizes, 9, config(100L, 4));
    JsonNode json = new ObjectMapper().readTree(exports(plan, Map.of()).get("huggingface.json"));
    assertThat(json.get("datasets")).extracting(JsonNode::asText).containsExactly("d0", "d1");
    assertThat(json.get("probabilities").get(0).asDouble()).isCloseTo(1 / 11.0, within(1e-14));
    assertThat(json.get("data_files").get("d0").get(0).asText()).isEqualTo("/corpus/d0.parquet");
    assertThat(json.get("seed").asLong()).isEqualTo(9);
    assertThat(exports(plan, Map.of()).get("huggingface.md")).contains("config_name: \"d0\"");
  }

  @Test
  void filesThatHoldSeveralDomainsAreSaidTo() throws IOException {
    DomainFiles.Source shared = new DomainFiles.Source("file:/c/all.jsonl", 1, 10, true);
    DomainStatistics size = new DomainStatistics("d0", 1, 10, 1, 100, 0, 1, List.of(shared));
    PlanConfig config =
        new PlanConfig(Optional.of(100L), 8, 4, List.of(ExportTarget.HUGGINGFACE), Map.of());
    SamplingPlan plan = SamplingPlan.of(mixture(1.0), List.of(size), 1, config);
    assertThat(plan.warnings()).extracting(Warning::code).containsExactly("SHARED_FILES");
    JsonNode json = new ObjectMapper().readTree(exports(plan, Map.of()).get("huggingface.json"));
    assertThat(json.get("domain_column").asText()).isEqualTo("source");
    assertThat(json.get("format").asText()).isEqualTo("json");
  }

  @Test
  void withoutSizesThereAreWeightsAndWhatCanBeWrittenFromThem() {
    PlanConfig config =
        new PlanConfig(
            Optional.empty(),
            8,
            4,
            List.of(ExportTarget.MEGATRON, ExportTarget.HUGGINGFACE),
            Map.of("megatron", "/tok/{domain}"));
    SamplingPlan plan = SamplingPlan.of(mixture(.25, .75), List.of(), 1, config);
    assertThat(plan.targetTokens()).isNull();
    assertThat(plan.domains()).extracting(SamplingPlan.Domain::weight).containsExactly(.25, .75);
    assertThat(plan.warnings()).extracting(Warning::code).containsExactly("NOT_EXPORTED");
    assertThat(Exports.of(plan, config, "domain"))
        .containsOnlyKeys("megatron.json", "megatron.txt");
  }

  private static Map<String, String> exports(SamplingPlan plan, Map<String, String> paths) {
    PlanConfig config =
        new PlanConfig(
            Optional.empty(),
            8,
            4,
            List.of(ExportTarget.MEGATRON, ExportTarget.HUGGINGFACE),
            paths);
    return Exports.of(plan, config, "source");
  }

  private static SamplingPlan plan(double[] weights, long[] available, Long tokens, double epochs) {
    List<DomainStatistics> sizes = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      sizes.add(size("d" + i, 10, available[i]));
    }
    return SamplingPlan.of(mixture(weights), sizes, 1, config(tokens, epochs));
  }

  private static DomainStatistics size(String name, long rows, long tokens) {
    DomainFiles.Source source =
        new DomainFiles.Source("file:/corpus/" + name + ".parquet", 1, rows, false);
    return new DomainStatistics(name, 1, rows, 1, tokens, 0, 1, List.of(source));
  }

  private static PlanConfig config(Long tokens, double maxEpochs) {
    return new PlanConfig(Optional.ofNullable(tokens), 8, maxEpochs, List.of(), Map.of());
  }

  private static Mixture mixture(double... weights) {
    List<Mixture.Domain> domains = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      domains.add(new Mixture.Domain("d" + i, weights[i], 0, 0, 1, 0, null, 0, 1));
    }
    return new Mixture(
        1,
        "pretrain",
        1,
        "relative",
        5,
        "relative",
        null,
        1,
        5,
        true,
        domains,
        new double[0][],
        1,
        List.of());
  }
}
