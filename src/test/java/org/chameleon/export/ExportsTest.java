package org.chameleon.export;

import static org.assertj.core.api.Assertions.assertThat;
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
import org.chameleon.corpus.BadRows;
import org.chameleon.corpus.CorpusConfig;
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
class ExportsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Documents of 2000 and of 100 tokens: a twentieth, and twenty times as many of them. */
  private static final List<DomainSize> UNEVEN =
      List.of(Plans.size("d0", 1000, 2_000_000), Plans.size("d1", 20_000, 2_000_000));

  @Test
  void megatronGetsPairsOfWeightAndPath() throws IOException {
    SamplingPlan plan =
        plan(List.of(Plans.size("d0", 10, 1000), Plans.size("d1", 10, 1000)), 100L, .25, .75);
    Map<String, String> files =
        export(plan, ExportTarget.MEGATRON, "/tok/{domain}_text_document").files();
    assertThat(files.get("megatron.txt"))
        .isEqualTo("0.25 /tok/d0_text_document\n0.75 /tok/d1_text_document\n");
    JsonNode json = JSON.readTree(files.get("megatron.json"));
    assertThat(json.get("train"))
        .extracting(JsonNode::asText)
        .containsExactly("0.25", "/tok/d0_text_document", "0.75", "/tok/d1_text_document");
    assertThat(json.get("valid").isNull()).isTrue();
    assertThat(json.get("test").isNull()).isTrue();
  }

  @Test
  void aDomainOfManyFilesIsSharedOutByTheirRows() throws IOException {
    SamplingPlan plan = plan(List.of(sized(file("/c/a", 30), file("/c/b", 10))), 100L, 1);
    assertThat(export(plan, ExportTarget.MEGATRON, null).files().get("megatron.txt"))
        .isEqualTo("0.75 /c/a\n0.25 /c/b\n");
    SamplingPlan parquet =
        plan(List.of(sized(file("/c/a.parquet", 30), file("/c/b.parquet", 10))), 100L, 1);
    Export llama = export(parquet, ExportTarget.LLAMA_FACTORY, null);
    Map<String, Object> data = yaml(llama, "llama-factory/data.yaml");
    assertThat(data.get("dataset")).isEqualTo("d0-0,d0-1");
    assertThat(data.get("interleave_probs")).isEqualTo("0.75,0.25");
    JsonNode info = JSON.readTree(llama.files().get("llama-factory/dataset_info.json"));
    assertThat(info.get("d0-1").get("file_name").asText()).isEqualTo("/c/b.parquet");
    assertThat(info.get("d0-1").get("columns").get("prompt").asText()).isEqualTo("text");
  }

  @Test
  void aPathWithASpaceIsNotWrittenForMegatron() {
    SamplingPlan plan = plan(List.of(sized(file("/my data/a.parquet", 10))), 100L, 1);
    Export export = export(plan, ExportTarget.MEGATRON, null);
    assertThat(export.files()).isEmpty();
    assertThat(export.warnings().get(0).message())
        .isEqualTo(
            "No file was written for megatron: its files are split at white space, and the path '/my data/a.parquet' has some. Set plan.paths.megatron, or rename the domain.");
  }

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

  /**
   * Nanotron at 2411b022a75fb7f7561a1bb4166706da5e1b76de, {@code src/nanotron/config/config.py}:
   * {@code DatasetStageArgs} wants name, start_training_step and data, one stage must start at 1;
   * {@code NanosetDatasetsArgs} wants as many weights as folders; unknown keys are refused.
   */
  @Test
  void nanotronReadsAStage() {
    Map<String, Object> root =
        yaml(
            export(plan(UNEVEN, 1_000_000L, .4, .6), ExportTarget.NANOTRON, "/ds/{domain}"),
            "nanotron.yaml");
    assertThat(root)
        .isEqualTo(
            Map.of(
                "data_stages",
                List.of(
                    Map.of(
                        "name",
                        "chameleon",
                        "start_training_step",
                        1,
                        "data",
                        Map.of(
                            "seed",
                            9,
                            "num_loading_workers",
                            1,
                            "dataset",
                            Map.of(
                                "dataset_folder",
                                List.of("/ds/d0", "/ds/d1"),
                                "dataset_weights",
                                List.of(.4, .6)))))));
  }

  /**
   * Levanter at 9263f81e8b453241332c2c0b2d2001bfb2d2241c, {@code src/levanter/data/text.py} and
   * {@code mixture.py}: a count per block is the truncated product, the rest goes to the largest,
   * and a block has at most 65535.
   */
  @Test
  void levanterGetsABlockThatIsLargeEnough() {
    List<DomainSize> sizes =
        List.of(Plans.size("d0", 1000, 2_000_000), Plans.size("d1", 9, 90_000));
    Export even = export(plan(UNEVEN, 1_000_000L, .4, .6), ExportTarget.LEVANTER, null);
    assertThat(yaml(even, "levanter.yaml"))
        .isEqualTo(
            Map.of(
                "data",
                Map.of(
                    "configs",
                    Map.of(
                        "d0", Map.of("train_urls", List.of("/corpus/d0.parquet")),
                        "d1", Map.of("train_urls", List.of("/corpus/d1.parquet"))),
                    "train_weights",
                    Map.of("d0", .4, "d1", .6),
                    "stop_strategy",
                    "restart",
                    "mixture_block_size",
                    2048)));
    Export rare = export(plan(sizes, 1_000_000L, .98, .02), ExportTarget.LEVANTER, null);
    assertThat(at(yaml(rare, "levanter.yaml"), "data", "mixture_block_size")).isEqualTo(8192);
    assertThat(rare.warnings()).isEmpty();
    Export hardlyAny = export(plan(sizes, 1_000_000L, .9999, .0001), ExportTarget.LEVANTER, null);
    assertThat(at(yaml(hardlyAny, "levanter.yaml"), "data", "mixture_block_size"))
        .isEqualTo(65_535);
    assertThat(hardlyAny.warnings().get(0).code()).isEqualTo("COARSE");
    assertThat(hardlyAny.warnings().get(0).message())
        .isEqualTo(
            "levanter: it draws in blocks of 65535 sequences: a share is off by up to 8.4 % of itself.");
  }

  /**
   * torchtitan at b5bcd76c66d0acb1a08b176d9639425bc55e0b2a, {@code torchtitan/components/data/
   * dataset.py}: weights of {@code WeightedDataset} are finite and positive, and of whatever the
   * datasets give.
   */
  @Test
  void torchtitanGetsBothWeights() {
    Map<String, Object> root =
        yaml(
            export(plan(UNEVEN, 1_000_000L, .4, .6), ExportTarget.TORCHTITAN, null),
            "torchtitan.yaml");
    assertThat(each(root, "datasets", "weight")).containsExactly("0.4", "0.6");
    assertThat(each(root, "datasets", "name")).containsExactly("d0", "d1");
    assertThat(Double.parseDouble(each(root, "datasets", "document_weight").get(0)))
        .isCloseTo(1 / 31.0, within(1e-12));
  }

  /**
   * Axolotl 0.19.0, {@code axolotl/utils/schemas/datasets.py} and {@code utils/data/sft.py}: a path
   * is one file, read with {@code ds_type}; the same one can be listed again; keys that are not
   * known, as {@code weight} there, are dropped.
   */
  @Test
  void axolotlGetsAnEntryForEveryPass() {
    List<DomainSize> sizes = List.of(Plans.size("d0", 10, 100_000), Plans.size("d1", 10, 400_000));
    Export export = export(plan(sizes, 500_000L, .5, .5), ExportTarget.AXOLOTL, null);
    Map<String, Object> root = yaml(export, "axolotl.yaml");
    assertThat(each(root, "datasets", "path"))
        .containsExactly(
            "/corpus/d0.parquet", "/corpus/d0.parquet", "/corpus/d0.parquet", "/corpus/d1.parquet");
    assertThat(each(root, "datasets", "weight")).containsExactly("null", "null", "0.5", "0.625");
    assertThat(each(root, "datasets", "ds_type")).containsOnly("parquet");
    assertThat(each(root, "datasets", "type")).containsOnly("completion");
    assertThat(each(root, "datasets", "field")).containsOnly("text");
    // 3 × 100,000 and 400,000 tokens: shares of 3/7 and 4/7 instead of halves
    assertThat(export.warnings().get(0).code()).isEqualTo("NEEDS_VERSION");
    assertThat(export.warnings().get(0).message()).contains("off by 7.14 % of all tokens");
  }

  @Test
  void whatATrainerCannotDoIsSaidWithItsSize() {
    List<DomainSize> sizes = List.of(Plans.size("d0", 10, 100_000), Plans.size("d1", 10, 400_000));
    SamplingPlan plan = plan(sizes, 500_000L, .5, .5);
    assertThat(export(plan, ExportTarget.TRL, null).warnings().get(0).message())
        .isEqualTo(
            "trl: one pass ends when this domain is used up, after 40.0 % of the planned tokens. It takes the first rows of the others alone; set num_train_epochs = 3.");
    assertThat(export(plan, ExportTarget.GRAIN, "/ar/{domain}").warnings().get(0).message())
        .endsWith("Set num_epoch = 3.");
    SamplingPlan rare = plan(sizes, 80_000L, .99986, .00014);
    assertThat(export(rare, ExportTarget.MOSAIC, "/mds/{domain}").warnings().get(0).message())
        .isEqualTo(
            "mosaic: it takes whole sequences, 10000 in all: a share is off by up to 28.6 % of itself.");
  }

  @Test
  void olmoCoreGetsACapThatItsOwnCountDoesNotExceed() {
    DomainSize estimated = Plans.estimated("d0", 10, 1_000_000, 10_000);
    SamplingPlan plan =
        plan(List.of(estimated, Plans.size("d1", 10, 3_000_000)), 2_000_000L, .6, .4);
    Map<String, Object> root =
        yaml(export(plan, ExportTarget.OLMO_CORE, "/npy/{domain}"), "olmo-core.yaml");
    // 1.2 passes of a million tokens, which may be 970,000: 1.2372 passes, rounded up
    assertThat(each(root, "sources", "max_repetition_ratio")).containsExactly("1.238", "1.0");
  }

  private static String template(ExportTarget target) {
    return switch (target) {
      case MEGATRON, MOSAIC, OLMO_CORE, NANOTRON, GRAIN -> "/copy/{domain}";
      default -> null;
    };
  }

  /** Returns the shares of a file with axolotl's two entries turned into theirs of the tokens. */
  @SuppressWarnings("unchecked")
  private static List<String> shares(ExportTarget target, Export export) throws IOException {
    assertThat(export.files()).as(export.warnings().toString()).isNotEmpty();
    return switch (target) {
      case MEGATRON -> {
        String[] words = export.files().get("megatron.txt").split("\\s+", -1);
        yield List.of(words[0], words[2]);
      }
      case HUGGINGFACE -> {
        JsonNode json = JSON.readTree(export.files().get("huggingface.json"));
        yield List.of(json.at("/probabilities/0").asText(), json.at("/probabilities/1").asText());
      }
      case MOSAIC -> {
        Map<String, Object> streams =
            (Map<String, Object>)
                at(yaml(export, "mosaic.yaml"), "train_loader", "dataset", "streams");
        yield List.of(text(at(streams, "d0", "proportion")), text(at(streams, "d1", "proportion")));
      }
      case OLMO_CORE -> each(yaml(export, "olmo-core.yaml"), "sources", "target_ratio");
      case LLAMA_FACTORY ->
          Arrays.asList(
              text(yaml(export, "llama-factory/data.yaml").get("interleave_probs")).split(",", -1));
      case NANOTRON -> {
        List<Object> stages = (List<Object>) yaml(export, "nanotron.yaml").get("data_stages");
        yield ((List<Object>)
                at((Map<String, Object>) stages.get(0), "data", "dataset", "dataset_weights"))
            .stream().map(ExportsTest::text).toList();
      }
      case LEVANTER -> {
        Map<String, Object> data = yaml(export, "levanter.yaml");
        yield List.of(
            text(at(data, "data", "train_weights", "d0")),
            text(at(data, "data", "train_weights", "d1")));
      }
      case GRAIN -> {
        JsonNode json = JSON.readTree(export.files().get("grain.json"));
        yield List.of(json.at("/d0/weight").asText(), json.at("/d1/weight").asText());
      }
      case LITDATA -> {
        JsonNode json = JSON.readTree(export.files().get("litdata.json"));
        yield List.of(
            json.at("/datasets/d0/weight").asText(), json.at("/datasets/d1/weight").asText());
      }
      case TORCHTITAN -> each(yaml(export, "torchtitan.yaml"), "datasets", "weight");
      case TRL -> each(yaml(export, "trl.yaml"), "datasets", "fraction");
      case AXOLOTL -> {
        // both domains have 2,000,000 tokens: passes are in proportion to tokens
        List<String> kept = each(yaml(export, "axolotl.yaml"), "datasets", "weight");
        BigDecimal d1 = new BigDecimal(kept.get(1));
        BigDecimal d0 = new BigDecimal(kept.get(0));
        BigDecimal all = d0.add(d1);
        yield List.of(d0.divide(all).toString(), d1.divide(all).toString());
      }
    };
  }

  @SuppressWarnings("unchecked")
  private static Object at(Map<String, Object> map, String... keys) {
    Object found = map;
    for (String key : keys) {
      found = ((Map<String, Object>) found).get(key);
    }
    return found;
  }

  @SuppressWarnings("unchecked")
  private static List<String> each(Map<String, Object> map, String list, String key) {
    List<String> values = new ArrayList<>();
    for (Object item : (List<Object>) map.get(list)) {
      values.add(text(((Map<String, Object>) item).get(key)));
    }
    return values;
  }

  private static String text(Object value) {
    return value instanceof Double d
        ? BigDecimal.valueOf(d).toPlainString()
        : String.valueOf(value);
  }

  private static Map<String, Object> yaml(Export export, String name) {
    return new Yaml().load(export.files().get(name));
  }

  private static DomainFiles.Source file(String path, long rows) {
    return new DomainFiles.Source("file:" + path, 1, rows, false);
  }

  private static DomainSize sized(DomainFiles.Source... sources) {
    long rows = Arrays.stream(sources).mapToLong(DomainFiles.Source::rows).sum();
    return Plans.size("d0", rows, 1000, List.of(sources));
  }

  private static SamplingPlan plan(List<DomainSize> sizes, Long tokens, double... weights) {
    return SamplingPlan.of(
        Plans.mixture(weights), sizes, 9, Plans.config(tokens, List.of(), Map.of()));
  }

  private static Export export(SamplingPlan plan, ExportTarget target, String template) {
    Map<String, String> paths = template == null ? Map.of() : Map.of(target.toString(), template);
    CorpusConfig corpus =
        new CorpusConfig(
            List.of("/corpus"), Map.of(), "source", "text", Optional.empty(), BadRows.FAIL);
    return Exports.of(
        plan, Plans.config(null, List.of(target), paths), corpus, "file:/run/plan/exports");
  }
}
