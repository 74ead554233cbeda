package org.chameleon.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.chameleon.mixture.Mixture;
import org.chameleon.mixture.Warning;
import org.chameleon.plan.ExportTarget;
import org.chameleon.plan.Plans;
import org.chameleon.plan.SamplingPlan;
import org.chameleon.sampling.DomainSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** Names of domains and paths that a reader would refuse, or take for something else. */
class ExportNamesTest extends ExportFixture {
  private static final String[] ODD = {
    "..",
    ".",
    "a/../b",
    "a/b",
    "/etc",
    "a//b",
    "a/",
    "a",
    "%2E%2E",
    "web/cc",
    "web%2Fcc",
    "...",
    "line\nbreak",
    "a: b",
    "- x",
    "100%",
    "b\\c",
    "x".repeat(300),
    "y,z",
    " s "
  };

  private static SamplingPlan named(String... names) {
    List<Mixture.Domain> domains = new ArrayList<>();
    List<DomainSize> sizes = new ArrayList<>();
    for (String name : Arrays.stream(names).sorted().toList()) {
      domains.add(
          new Mixture.Domain(
              name, 1.0 / names.length, 0, 0, 1, 0, null, 0.0, 1.0, 0, null, 1, null, null, null));
      sizes.add(Plans.size(name, 100, 10_000, List.of(file("/c/" + sizes.size() + ".parquet", 9))));
    }
    return SamplingPlan.of(
        Plans.mixture(domains), sizes, 9, Plans.config(null, List.of(), Map.of()));
  }

  private static String decoded(String name) {
    return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  @Test
  void configsOfACardHaveNamesThatTheLibraryTakesAndThatDecodeToTheDomains() {
    String card = export(named(ODD), ExportTarget.HUGGINGFACE, null).files().get("huggingface.md");
    Map<String, Object> front = new Yaml().load(card.substring(4, card.lastIndexOf("\n---") + 1));
    List<String> names = each(front, "configs", "config_name");
    assertThat(names).doesNotHaveDuplicates().hasSize(ODD.length);
    assertThat(names).allMatch(name -> name.matches("[^<>:/\\\\|?*\\p{Cntrl}]+"));
    assertThat(names).contains("web%2Fcc", "web%252Fcc", "%2E%2E", "a%3A b", "a");
    assertThat(names.stream().map(ExportNamesTest::decoded)).containsExactlyInAnyOrder(ODD);
  }

  @ParameterizedTest
  @EnumSource(names = {"MOSAIC", "NANOTRON", "OLMO_CORE", "GRAIN"})
  void noNameLeadsOutOfTheFolderOfItsTemplate(ExportTarget target) throws IOException {
    List<String> paths = new ArrayList<>();
    for (String name : ODD) {
      Export export = export(named(name), target, "/data/{domain}");
      assertThat(export.files()).as(name + export.warnings()).isNotEmpty();
      paths.add(path(target, export));
    }
    for (String path : paths) {
      assertThat(path).startsWith("/data/");
      assertThat(Path.of(path).normalize()).hasToString(path);
    }
    assertThat(paths).doesNotHaveDuplicates().contains("/data/web/cc", "/data/a", "/data/100%");
    assertThat(paths).contains("/data/%2E%2E", "/data/a/%2E%2E/b", "/data/%2Fetc");
  }

  @SuppressWarnings("unchecked")
  private static String path(ExportTarget target, Export export) throws IOException {
    String file = export.files().values().iterator().next();
    return switch (target) {
      case GRAIN -> JSON.readTree(file).elements().next().get("path").asText();
      case MOSAIC -> {
        Map<String, Object> streams =
            (Map<String, Object>) at(new Yaml().load(file), "train_loader", "dataset", "streams");
        yield text(at((Map<String, Object>) streams.values().iterator().next(), "local"));
      }
      case NANOTRON -> {
        List<Object> stages =
            (List<Object>) ((Map<String, Object>) new Yaml().load(file)).get("data_stages");
        Object folders =
            at((Map<String, Object>) stages.get(0), "data", "dataset", "dataset_folder");
        yield ((List<String>) folders).get(0);
      }
      default -> {
        List<Object> sources =
            (List<Object>) ((Map<String, Object>) new Yaml().load(file)).get("sources");
        yield ((List<String>) at((Map<String, Object>) sources.get(0), "paths")).get(0);
      }
    };
  }

  @Test
  @SuppressWarnings("unchecked")
  void copiesOfRemoteStreamsLieInFoldersOfTheirOwn() {
    Export export = export(named(ODD), ExportTarget.MOSAIC, "s3://b/{domain}");
    Map<String, Object> streams =
        (Map<String, Object>) at(yaml(export, "mosaic.yaml"), "train_loader", "dataset", "streams");
    List<String> locals = new ArrayList<>();
    streams.values().forEach(s -> locals.add(text(at((Map<String, Object>) s, "local"))));
    assertThat(locals).doesNotHaveDuplicates().hasSize(ODD.length);
    assertThat(locals)
        .allMatch(local -> local.matches("/tmp/mds/[^/.][^/]*") && local.length() < 255);
    assertThat(streams.keySet()).containsExactlyInAnyOrder(ODD);
  }

  @Test
  void componentsOfLevanterAreFoldersOfItsCache() {
    Export export = export(named("web/cc", ".."), ExportTarget.LEVANTER, null);
    Map<String, Object> data = yaml(export, "levanter.yaml");
    assertThat(at(data, "data", "configs").toString()).contains("web%2Fcc=", "%2E%2E=");
    assertThat(at(data, "data", "train_weights").toString()).contains("web%2Fcc=0.5", "%2E%2E=0.5");
  }

  @Test
  void namesInAListWithCommasStayApart() throws IOException {
    List<DomainSize> sizes =
        List.of(
            Plans.size("a,b", 10, 100),
            Plans.size("d", 20, 100, List.of(file("/c/1.parquet", 5), file("/c/2.parquet", 5))),
            Plans.size("d-0", 10, 100));
    List<Mixture.Domain> domains = new ArrayList<>();
    double third = 1 / 3.0;
    sizes.forEach(
        s ->
            domains.add(
                new Mixture.Domain(
                    s.name(), third, 0, 0, 1, 0, null, 0.0, 1.0, 0, null, 1, null, null, null)));
    SamplingPlan plan =
        SamplingPlan.of(Plans.mixture(domains), sizes, 9, Plans.config(null, List.of(), Map.of()));
    Export export = export(plan, ExportTarget.LLAMA_FACTORY, null);
    String names = text(yaml(export, "llama-factory/data.yaml").get("dataset"));
    assertThat(names).isEqualTo("a%2Cb,d-0,d-1,d%2D0");
    JsonNode info = JSON.readTree(export.files().get("llama-factory/dataset_info.json"));
    assertThat(new HashSet<>(List.of(names.split(",", -1)))).hasSize(4);
    for (String name : names.split(",", -1)) {
      assertThat(info.has(name)).isTrue();
    }
  }

  @Test
  void bracketsInAPathAreNoPattern() throws IOException {
    SamplingPlan plan =
        SamplingPlan.of(
            Plans.mixture(1),
            List.of(Plans.size("d0", 9, 900, List.of(file("/c [1]/a?*.parquet", 9)))),
            9,
            Plans.config(null, List.of(), Map.of()));
    String escaped = "/c [[]1]/a[?][*].parquet";
    JsonNode json =
        JSON.readTree(export(plan, ExportTarget.HUGGINGFACE, null).files().get("huggingface.json"));
    assertThat(json.at("/data_files/d0/0").asText()).isEqualTo(escaped);
    assertThat(export(plan, ExportTarget.TRL, null).files().get("trl.yaml")).contains(escaped);
    assertThat(export(plan, ExportTarget.TORCHTITAN, null).files().get("torchtitan.yaml"))
        .contains(escaped);
    for (ExportTarget both : List.of(ExportTarget.AXOLOTL, ExportTarget.LLAMA_FACTORY)) {
      Warning warning = export(plan, both, null).warnings().get(0);
      assertThat(warning.code()).isEqualTo("NOT_EXPORTED");
      assertThat(warning.message())
          .contains(
              "it takes any of [ * ? in a path for a pattern, and /c [1]/a?*.parquet has one.");
    }
    Export grain = export(named("web[1]"), ExportTarget.GRAIN, "/ar/{domain}/*.array_record");
    assertThat(grain.files().get("grain.json")).contains("/ar/web[[]1]/*.array_record");
    Export levanter = export(named("web[1]"), ExportTarget.LEVANTER, "/lev/{domain}/*.parquet");
    assertThat(at(yaml(levanter, "levanter.yaml"), "data", "configs", "web[1]", "train_urls"))
        .isEqualTo(List.of("/lev/web[[]1]/*.parquet"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/c/a*.parquet", "/c/a?.parquet", "/c/[a].parquet"})
  void aFileWhoseNameIsAPatternIsNotExportedForAxolotl(String path) {
    SamplingPlan plan =
        SamplingPlan.of(
            Plans.mixture(1),
            List.of(Plans.size("d0", 9, 900, List.of(file(path, 9)))),
            9,
            Plans.config(null, List.of(), Map.of()));
    Export export = export(plan, ExportTarget.AXOLOTL, null);
    assertThat(export.files()).isEmpty();
    assertThat(export.warnings())
        .extracting(Warning::message)
        .containsExactly(
            "No file was written for axolotl: it takes any of [ * ? in a path for a pattern, and %s has one. Set plan.paths.axolotl."
                .formatted(path));
  }

  @Test
  void aCommentHasNoCharacterThatEndsItOrThatYamlRefuses() {
    String[] names = {"bell\u0007", "line\u2028end", "mark\ufeff", "next\u0085: x", "new\rreturn"};
    Export export = export(named(names), ExportTarget.TRL, null);
    assertThat(export.files()).as(export.warnings().toString()).containsOnlyKeys("trl.yaml");
    String text = export.files().get("trl.yaml");
    assertThat(text)
        .contains(
            "# TRL. fraction: share of rows. Datasets in this order: bell\\u0007, line\\u2028end, mark\\ufeff, new\\u000dreturn, next\\u0085: x.\n");
    assertThat(text.codePoints())
        .noneMatch(c -> c == 0x2028 || c == 0xfeff || (c != '\n' && Character.isISOControl(c)));
    assertThat(each(new Yaml().load(text), "datasets", "fraction")).hasSize(names.length);
  }

  @Test
  void namesThatLookLikeNumbersStayTextsInEveryYaml() {
    String[] names = {"1e3", "0x1F", "0o17", "2024-01-01", ".inf", "+1", "null", "no", "~"};
    String text =
        export(named(names), ExportTarget.OLMO_CORE, "/npy/{domain}").files().get("olmo-core.yaml");
    for (String name : names) {
      assertThat(text).contains("source_name: '" + name + "'");
    }
    assertThat(each(new Yaml().load(text), "sources", "source_name"))
        .containsExactlyInAnyOrder(names);
  }

  @ParameterizedTest
  @EnumSource
  void aDomainWithoutTokensIsDroppedAndNeverTold(ExportTarget target) {
    List<DomainSize> sizes =
        List.of(
            Plans.size("d0", 10, 1000),
            Plans.size("empty", 0, 0, List.of(file("/c/e.parquet", 0))));
    List<Mixture.Domain> domains = new ArrayList<>();
    sizes.forEach(
        s ->
            domains.add(
                new Mixture.Domain(
                    s.name(), .5, 0, 0, 1, 0, null, 0.0, 1.0, 0, null, 1, null, null, null)));
    SamplingPlan plan =
        SamplingPlan.of(Plans.mixture(domains), sizes, 9, Plans.config(null, List.of(), Map.of()));
    assertThat(plan.dropped()).containsExactly("empty");
    Export export = export(plan, target, template(target));
    assertThat(export.files()).as(export.warnings().toString()).isNotEmpty();
    assertThat(export.files().values()).noneMatch(text -> text.contains("empty"));
  }

  @Test
  void filesThatNameTheFolderOfTheRunSayWhatToDoWhenItIsMoved() {
    String moved = "lies in the folder of the run: after moving that, run again with --resume.";
    assertThat(
            export(named("a"), ExportTarget.LLAMA_FACTORY, null)
                .files()
                .get("llama-factory/data.yaml"))
        .contains("# dataset_dir " + moved);
    assertThat(export(named("a"), ExportTarget.LITDATA, null).files().get("litdata.json"))
        .contains(moved);
  }
}
