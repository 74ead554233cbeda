package org.chameleon.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.chameleon.corpus.BadRows;
import org.chameleon.corpus.CorpusConfig;
import org.chameleon.corpus.HeldOutConfig;
import org.chameleon.plan.ExportTarget;
import org.chameleon.plan.Plans;
import org.chameleon.plan.SamplingPlan;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the README of this package asks of a new export. */
class ExportsAreDocumentedTest {
  private static final Path MAIN = Path.of("src/main");

  @ParameterizedTest
  @EnumSource
  void everyTrainerIsNamedWhereExportsAreConfigured(ExportTarget target) throws IOException {
    String reference = Files.readString(MAIN.resolve("resources/reference.conf"));
    String exports =
        reference.lines().filter(line -> line.strip().startsWith("exports = ")).findFirst().get();
    assertThat(exports.split("[^a-z-]+")).contains(target.toString());
  }

  @ParameterizedTest
  @EnumSource
  void everyFileOfATrainerIsInItsRowOfTheReadme(ExportTarget target) throws IOException {
    String row = row(target);
    Export export = export(target);
    assertThat(export.files()).as(export.warnings().toString()).isNotEmpty();
    for (String file : export.files().keySet()) {
      assertThat(row).contains("`" + file.replace("/d0/", "/DOMAIN/") + "`");
    }
  }

  private static String row(ExportTarget target) throws IOException {
    String readme = Files.readString(MAIN.resolve("java/org/chameleon/export/README.md"));
    return readme
        .lines()
        .filter(line -> line.startsWith("| `%s` |".formatted(target)))
        .findFirst()
        .orElseThrow(
            () -> new AssertionError("export/README.md has no row '| `%s` | …'".formatted(target)));
  }

  private static Export export(ExportTarget target) {
    SamplingPlan plan =
        SamplingPlan.of(
            Plans.mixture(1),
            List.of(Plans.size("d0", 10, 1000)),
            9,
            Plans.config(1000L, List.of(), Map.of()));
    Export read = export(plan, target, Map.of());
    return read.files().isEmpty()
        ? export(plan, target, Map.of(target.toString(), "/copy/{domain}"))
        : read;
  }

  private static Export export(SamplingPlan plan, ExportTarget target, Map<String, String> paths) {
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
            List.of(),
            Map.of());
    return Exports.of(
        plan, Plans.config(null, List.of(target), paths), corpus, "file:/run/plan/exports");
  }
}
