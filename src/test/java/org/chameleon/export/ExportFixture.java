package org.chameleon.export;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.chameleon.corpus.HeldOutConfig;
import org.chameleon.plan.ExportTarget;
import org.chameleon.plan.Plans;
import org.chameleon.plan.SamplingPlan;
import org.chameleon.sampling.DomainSize;
import org.yaml.snakeyaml.Yaml;

/** Plans to be exported, and files read back. */
class ExportFixture {
  static final ObjectMapper JSON = new ObjectMapper();

  /** Documents of 2000 and of 100 tokens: a twentieth, and twenty times as many of them. */
  static final List<DomainSize> UNEVEN =
      List.of(Plans.size("d0", 1000, 2_000_000), Plans.size("d1", 20_000, 2_000_000));

  static String template(ExportTarget target) {
    return switch (target) {
      case MEGATRON, MOSAIC, OLMO_CORE, NANOTRON, GRAIN -> "/copy/{domain}";
      default -> null;
    };
  }

  /** Returns the shares of a file with axolotl's two entries turned into theirs of the tokens. */
  @SuppressWarnings("unchecked")
  static List<String> shares(ExportTarget target, Export export) throws IOException {
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
  static Object at(Map<String, Object> map, String... keys) {
    Object found = map;
    for (String key : keys) {
      found = ((Map<String, Object>) found).get(key);
    }
    return found;
  }

  @SuppressWarnings("unchecked")
  static List<String> each(Map<String, Object> map, String list, String key) {
    List<String> values = new ArrayList<>();
    for (Object item : (List<Object>) map.get(list)) {
      values.add(text(((Map<String, Object>) item).get(key)));
    }
    return values;
  }

  static String text(Object value) {
    return value instanceof Double d
        ? BigDecimal.valueOf(d).toPlainString()
        : String.valueOf(value);
  }

  static Map<String, Object> yaml(Export export, String name) {
    return new Yaml().load(export.files().get(name));
  }

  static DomainFiles.Source file(String path, long rows) {
    return new DomainFiles.Source("file:" + path, 1, rows, false);
  }

  static DomainSize sized(DomainFiles.Source... sources) {
    long rows = Arrays.stream(sources).mapToLong(DomainFiles.Source::rows).sum();
    return Plans.size("d0", rows, 1000, List.of(sources));
  }

  static SamplingPlan plan(List<DomainSize> sizes, Long tokens, double... weights) {
    return SamplingPlan.of(
        Plans.mixture(weights), sizes, 9, Plans.config(tokens, List.of(), Map.of()));
  }

  static Export export(SamplingPlan plan, ExportTarget target, String template) {
    Map<String, String> paths = template == null ? Map.of() : Map.of(target.toString(), template);
    CorpusConfig corpus =
        new CorpusConfig(
            List.of("/corpus"),
            Map.of(),
            "source",
            "text",
            Optional.empty(),
            BadRows.FAIL,
            31,
            HeldOutConfig.OFF,
            List.of("left"),
            Map.of("d0", List.of("a", "b")));
    return Exports.of(
        plan, Plans.config(null, List.of(target), paths), corpus, "file:/run/plan/exports");
  }
}
