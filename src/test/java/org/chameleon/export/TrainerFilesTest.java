package org.chameleon.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.chameleon.plan.ExportTarget;
import org.chameleon.plan.Plans;
import org.chameleon.plan.SamplingPlan;
import org.chameleon.sampling.DomainSize;
import org.junit.jupiter.api.Test;

/** The files of single trainers, as their readers take them. */
class TrainerFilesTest extends ExportFixture {

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
}
