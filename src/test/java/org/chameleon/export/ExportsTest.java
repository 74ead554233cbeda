package org.chameleon.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.chameleon.corpus.DomainFiles;
import org.chameleon.mixture.Warning;
import org.chameleon.plan.ExportTarget;
import org.chameleon.plan.Plans;
import org.chameleon.plan.SamplingPlan;
import org.chameleon.sampling.DomainSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.yaml.snakeyaml.Yaml;

/**
 * What the mixture files say. Those whose library can be installed are also read by it in {@code
 * ExportInteropTest}; the others are checked here against the source of their reader, named in each
 * test.
 */
class ExportsTest extends ExportFixture {

  @Test
  void huggingFaceGetsRowProbabilitiesInTheOrderOfItsDatasets() throws IOException {
    List<DomainSize> sizes = List.of(Plans.size("d0", 10, 1000), Plans.size("d1", 100, 1000));
    Export export = export(plan(sizes, 100L, .5, .5), ExportTarget.HUGGINGFACE, null);
    JsonNode json = JSON.readTree(export.files().get("huggingface.json"));
    assertThat(json.get("datasets")).extracting(JsonNode::asText).containsExactly("d0", "d1");
    assertThat(json.get("probabilities").get(0).asDouble()).isCloseTo(1 / 11.0, within(1e-14));
    assertThat(json.get("data_files").get("d0").get(0).asText()).isEqualTo("/corpus/d0.parquet");
    assertThat(json.get("seed").asLong()).isEqualTo(9);
    String card = export.files().get("huggingface.md");
    Map<String, Object> front = new Yaml().load(card.substring(4, card.lastIndexOf("---")));
    assertThat(front.get("configs").toString())
        .isEqualTo(
            "[{config_name=d0, data_files=[{split=train, path=[/corpus/d0.parquet]}]}, {config_name=d1, data_files=[{split=train, path=[/corpus/d1.parquet]}]}]");
  }

  @Test
  void filesThatHoldSeveralDomainsAreSaidTo() throws IOException {
    DomainFiles.Source shared = new DomainFiles.Source("file:/c/all.jsonl", 1, 10, true);
    SamplingPlan plan = plan(List.of(sized(shared)), 100L, 1);
    Export export = export(plan, ExportTarget.HUGGINGFACE, null);
    assertThat(export.warnings()).extracting(Warning::code).containsExactly("SHARED_FILES");
    JsonNode json = JSON.readTree(export.files().get("huggingface.json"));
    assertThat(json.get("domain_column").asText()).isEqualTo("source");
    assertThat(json.get("domain_values").toString()).isEqualTo("{\"d0\":[\"a\",\"b\"]}");
    assertThat(json.get("format").asText()).isEqualTo("json");
    for (ExportTarget whole :
        List.of(ExportTarget.TRL, ExportTarget.LEVANTER, ExportTarget.LITDATA)) {
      assertThat(export(plan, whole, null).warnings().get(0).message())
          .contains("its files hold several domains ('d0' in /c/all.jsonl)");
    }
  }

  @Test
  void withoutSizesThereIsWhatWeightsAloneCanSay() {
    SamplingPlan plan = plan(List.of(), null, .25, .75);
    assertThat(plan.targetTokens()).isNull();
    assertThat(export(plan, ExportTarget.MEGATRON, "/tok/{domain}").files())
        .containsOnlyKeys("megatron.json", "megatron.txt");
    assertThat(export(plan, ExportTarget.NANOTRON, "/tok/{domain}").files())
        .containsOnlyKeys("nanotron.yaml");
    assertThat(export(plan, ExportTarget.GRAIN, "/tok/{domain}").warnings().get(0).message())
        .contains("it draws documents, and the number of documents or tokens of domain 'd0'");
    assertThat(export(plan, ExportTarget.OLMO_CORE, "/tok/{domain}").warnings().get(0).message())
        .contains("the size of domain 'd0' is not known");
  }

  @ParameterizedTest
  @EnumSource
  void sharesAreInTheUnitThatIsDrawnAndSumToOneAsPrinted(ExportTarget target) throws IOException {
    SamplingPlan plan = plan(UNEVEN, 3_000_000L, .4, .6);
    List<String> shares = shares(target, export(plan, target, template(target)));
    BigDecimal total =
        shares.stream().map(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);
    assertThat(total).isEqualByComparingTo(BigDecimal.ONE);
    // 0.4 of the tokens in documents of 2000, 0.6 in documents of 100: one in 31 is of d0.
    boolean documents =
        List.of(
                ExportTarget.HUGGINGFACE,
                ExportTarget.LLAMA_FACTORY,
                ExportTarget.GRAIN,
                ExportTarget.LITDATA,
                ExportTarget.TRL)
            .contains(target);
    assertThat(Double.parseDouble(shares.get(0)))
        .isCloseTo(documents ? 1 / 31.0 : .4, within(1e-12));
  }
}
