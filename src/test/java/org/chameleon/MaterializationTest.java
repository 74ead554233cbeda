package org.chameleon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.chameleon.materialize.MixedCorpus;
import org.chameleon.materialize.MixedCorpusFolder;
import org.chameleon.materialize.ShardFormat;
import org.chameleon.run.RunDirectory;
import org.chameleon.run.Stage;
import org.chameleon.storage.Existing;
import org.chameleon.storage.Folder;
import org.chameleon.storage.Verifier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The mixed corpus of a run over documents of four domains, one of them wanted 1.5 times. */
class MaterializationTest {
  @TempDir private static Path shared;

  @TempDir private Path folder;

  @BeforeAll
  static void run() throws IOException {
    TinyCorpus.parquet(TinyCorpus.rows(300, 5), shared.resolve("corpus"), 3);
    run(shared.resolve("corpus"), shared.resolve("run"));
  }

  private static void run(Path corpus, Path output) throws IOException {
    TinyRun.into(output)
        .over(corpus)
        .with("sample.windows-per-domain", "40")
        .with("plan", "{ count = exact, max-epochs = 3, domains { poems { floor = 0.55 } } }")
        .run(Existing.REFUSE, Stage.PLAN);
  }

  private static Materialization.Options options(ShardFormat format, long bytes) {
    return new Materialization.Options(null, format, bytes, false);
  }

  private MixedCorpus write(String name, Materialization.Options options) {
    return write(shared.resolve("run"), folder.resolve(name), options);
  }

  private static MixedCorpus write(Path run, Path output, Materialization.Options options) {
    RunDirectory directory = RunDirectory.at(run.toString(), new Configuration());
    return new Materialization(TestSpark.session(), directory, null)
        .write(output.toString(), options);
  }

  private List<String> problems(String name) {
    Folder mixed = Folder.at(folder.resolve(name).toString(), new Configuration());
    return new MixedCorpusFolder(mixed).problems(Verifier.onExecutors(mixed, TestSpark.session()));
  }

  @Test
  void everyDocumentIsThereAsOftenAsItsEpochsSay() {
    MixedCorpus mixed = write("mixed", options(ShardFormat.PARQUET, 1_000_000));
    List<Row> rows =
        TestSpark.session().read().parquet(folder.resolve("mixed/data").toString()).collectAsList();
    Map<String, Integer> copies = new HashMap<>();
    Map<String, Set<String>> documents = new HashMap<>();
    for (Row row : rows) {
      String document = row.getAs("source_file") + "#" + row.getAs("source_row");
      copies.merge(document, 1, Integer::sum);
      documents.computeIfAbsent(row.getAs("domain"), d -> new HashSet<>()).add(document);
    }
    for (MixedCorpus.Domain domain : mixed.domains()) {
      for (String document : documents.get(domain.name())) {
        assertThat((double) copies.get(document))
            .isBetween(Math.floor(domain.epochs()), Math.ceil(domain.epochs()));
      }
      assertThat(domain.documents()).isEqualTo(documents.get(domain.name()).size());
      if (domain.epochs() >= 1) {
        assertThat(domain.documents()).isEqualTo(300);
      }
      double error = 3 * .5 / Math.sqrt(300) * domain.plannedTokens() / domain.epochs();
      assertThat((double) domain.tokens())
          .isCloseTo((double) domain.plannedTokens(), within(error));
    }
    assertThat(mixed.domains().get(2).epochs()).isGreaterThan(1.5);
    assertThat(mixed.rows()).isEqualTo(rows.size());
    assertThat(mixed.tokens())
        .isEqualTo(mixed.files().stream().mapToLong(MixedCorpus.File::tokens).sum());
  }

  @Test
  void theTextIsThatOfTheRowItNames() {
    write("mixed", options(ShardFormat.PARQUET, 1_000_000));
    List<Row> wrong =
        TestSpark.session()
            .read()
            .parquet(folder.resolve("mixed/data").toString())
            .selectExpr("source_file as file", "source_row as row", "domain", "text")
            .exceptAll(
                TestSpark.session()
                    .read()
                    .parquet(shared.resolve("corpus").toString())
                    .selectExpr(
                        "replace(_metadata.file_path, 'file:///', 'file:/') as file",
                        "_metadata.row_index as row",
                        "domain",
                        "text")
                    .crossJoin(TestSpark.session().range(3).toDF("copy"))
                    .drop("copy"))
            .collectAsList();
    assertThat(wrong).isEmpty();
  }

  @Test
  void documentsOfAllDomainsAreMixedInEveryShard() throws IOException {
    MixedCorpus mixed = write("mixed", options(ShardFormat.JSONL, 100_000));
    assertThat(mixed.files().size()).isGreaterThan(2);
    for (MixedCorpus.File file : mixed.files()) {
      assertThat(file.bytes()).isBetween(50_000L, 200_000L);
      List<String> lines = Files.readAllLines(folder.resolve("mixed").resolve(file.path()));
      assertThat(lines).hasSize((int) file.rows());
      List<String> domains = new ArrayList<>();
      for (String line : lines) {
        JsonNode document = new ObjectMapper().readTree(line);
        assertThat(document.get("text").asText()).isNotEmpty();
        domains.add(document.get("domain").asText());
      }
      int changes = 0;
      for (int i = 1; i < domains.size(); i++) {
        changes += domains.get(i).equals(domains.get(i - 1)) ? 0 : 1;
      }
      assertThat(changes).isGreaterThan(lines.size() / 3);
    }
  }

  @Test
  void theSameSeedGivesTheSameBytesAndAnotherOthers() {
    MixedCorpus first = write("a", options(ShardFormat.PARQUET, 50_000));
    assertThat(write("b", options(ShardFormat.PARQUET, 50_000)).files()).isEqualTo(first.files());
    Materialization.Options other =
        new Materialization.Options(99L, ShardFormat.PARQUET, 50_000, false);
    assertThat(write("c", other).files()).isNotEqualTo(first.files());
  }

  @Test
  void whatIsThereIsKeptUnlessItIsAMixedCorpusAndOverwritten() throws IOException {
    write("mixed", options(ShardFormat.JSONL, 1_000_000));
    assertThatThrownBy(() -> write("mixed", options(ShardFormat.JSONL, 1_000_000)))
        .hasMessageContaining("it holds a mixed corpus. Give --overwrite to replace it");
    Materialization.Options overwrite =
        new Materialization.Options(null, ShardFormat.PARQUET, 1_000_000, true);
    write("mixed", overwrite);
    try (var files = Files.list(folder.resolve("mixed/data"))) {
      assertThat(files.map(f -> f.getFileName().toString())).containsExactly("part-00000.parquet");
    }
    Files.createDirectories(folder.resolve("other"));
    Files.writeString(folder.resolve("other/thesis.txt"), "mine");
    assertThatThrownBy(() -> write("other", overwrite))
        .hasMessageContaining("it holds other files (thesis.txt). Give another --output.");
    assertThat(folder.resolve("other/thesis.txt")).hasContent("mine");
  }

  @Test
  void whatNoMaterializationWroteSurvivesBesideItsShards() throws IOException {
    write("mixed", options(ShardFormat.JSONL, 1_000_000));
    Files.writeString(folder.resolve("mixed/data/thesis.txt"), "mine");
    Files.writeString(folder.resolve("mixed/notes.txt"), "mine");
    Materialization.Options overwrite =
        new Materialization.Options(null, ShardFormat.PARQUET, 1_000_000, true);
    write("mixed", overwrite);
    assertThat(folder.resolve("mixed/data").toFile().list())
        .containsExactlyInAnyOrder("part-00000.parquet", "thesis.txt");
    assertThat(folder.resolve("mixed/notes.txt")).hasContent("mine");
    assertThat(problems("mixed"))
        .containsExactly("data/thesis.txt was not written with the corpus.");
  }

  @Test
  void aFileThatIsCalledLikeAShardAndIsNoneSurvives() throws IOException {
    write("mixed", options(ShardFormat.JSONL, 1_000_000));
    Files.writeString(folder.resolve("mixed/data/part-00099.parquet"), "mine");
    write("mixed", new Materialization.Options(null, ShardFormat.PARQUET, 1_000_000, true));
    assertThat(folder.resolve("mixed/data/part-00099.parquet")).hasContent("mine");
    assertThat(folder.resolve("mixed/data").toFile().list())
        .containsExactlyInAnyOrder("part-00000.parquet", "part-00099.parquet");
    assertThat(problems("mixed"))
        .containsExactly("data/part-00099.parquet was not written with the corpus.");
  }

  @ParameterizedTest
  @CsvSource({
    "manifest.json, '{\"version\": 3}'",
    "manifest.json, '{\"kind\": \"mixed-corpus\", \"files\": [], \"domains\": []}'",
    ".mixed-corpus, ''",
    "manifest.json, '{'"
  })
  void aFolderWithNamesLikeOursIsStillSomebodyElses(String name, String text) throws IOException {
    Files.createDirectories(folder.resolve("other/data"));
    Files.writeString(folder.resolve("other").resolve(name), text);
    Files.writeString(folder.resolve("other/data/thesis.txt"), "mine");
    Materialization.Options overwrite =
        new Materialization.Options(null, ShardFormat.PARQUET, 1_000_000, true);
    assertThatThrownBy(() -> write("other", overwrite))
        .hasMessageContaining("it exists and is not a mixed corpus");
    assertThat(folder.resolve("other/data/thesis.txt")).hasContent("mine");
    assertThat(folder.resolve("other").resolve(name)).hasContent(text);
  }

  @Test
  void whatCannotBeMaterializedLeavesTheEarlierCorpus() throws IOException {
    Path corpus = TinyCorpus.parquet(TinyCorpus.rows(300, 5), folder.resolve("corpus"), 2);
    Path run = folder.resolve("run");
    run(corpus, run);
    write(run, folder.resolve("mixed"), options(ShardFormat.JSONL, 1_000_000));
    Materialization.Options overwrite =
        new Materialization.Options(null, ShardFormat.PARQUET, 1_000_000, true);
    TinyCorpus.parquet(TinyCorpus.rows(310, 5), corpus, 2);
    assertThatThrownBy(() -> write(run, folder.resolve("mixed"), overwrite))
        .hasMessageContaining("its files are not those of the plan");
    assertThat(problems("mixed")).isEmpty();
  }

  @Test
  void aCorpusThatLiesInTheMixedOneIsNotLost() throws IOException {
    Path mixed = folder.resolve("mixed");
    write("mixed", options(ShardFormat.PARQUET, 1_000_000));
    Path run = folder.resolve("run");
    run(mixed.resolve("data"), run);
    Materialization.Options overwrite =
        new Materialization.Options(null, ShardFormat.PARQUET, 1_000_000, true);
    assertThatThrownBy(() -> write(run, mixed, overwrite))
        .hasMessageContaining("corpus.path is " + mixed + "/data, which lies in it.");
    assertThat(problems("mixed")).isEmpty();
  }

  @Test
  void verifyNamesWhatChanged() throws IOException {
    MixedCorpus mixed = write("mixed", options(ShardFormat.JSONL, 100_000));
    assertThat(problems("mixed")).isEmpty();
    Path first = folder.resolve("mixed").resolve(mixed.files().get(0).path());
    Files.writeString(first, Files.readString(first).replaceFirst("the", "teh"));
    Files.delete(folder.resolve("mixed").resolve(mixed.files().get(1).path()));
    Files.writeString(folder.resolve("mixed/data/extra.jsonl"), "{}\n");
    assertThat(problems("mixed"))
        .containsExactlyInAnyOrder(
            "data/extra.jsonl was not written with the corpus.",
            "data/part-00000.jsonl was changed: its SHA-256 is another.",
            "data/part-00001.jsonl is missing.");
  }

  @Test
  void withoutAManifestItIsNotFinished() throws IOException {
    write("mixed", options(ShardFormat.JSONL, 1_000_000));
    Files.delete(folder.resolve("mixed/manifest.json"));
    assertThat(problems("mixed").get(0)).contains("is not finished: it has no manifest.json");
    assertThatThrownBy(() -> write("mixed", options(ShardFormat.JSONL, 1_000_000)))
        .hasMessageContaining("it holds an unfinished mixed corpus");
  }

  @Test
  void aCorpusThatCannotBeReadLeavesNothing() throws IOException {
    Path corpus = TinyCorpus.parquet(TinyCorpus.rows(300, 5), folder.resolve("corpus"), 1);
    Path run = folder.resolve("run");
    run(corpus, run);
    damage(corpus);
    assertThatThrownBy(
            () -> write(run, folder.resolve("mixed"), options(ShardFormat.JSONL, 1_000_000)))
        .hasMessageContaining("part-");
    try (var files = Files.walk(folder)) {
      assertThat(files.filter(f -> f.startsWith(folder.resolve("mixed"))))
          .noneMatch(Files::isRegularFile);
    }
  }

  /** Overwrites pages in the middle of a file; its size and its footer stay. */
  private static void damage(Path corpus) throws IOException {
    try (var files = Files.list(corpus)) {
      Path file = files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow();
      byte[] bytes = Files.readAllBytes(file);
      for (int i = bytes.length / 2; i < bytes.length / 2 + 2000; i++) {
        bytes[i] = (byte) (i * 31);
      }
      Files.write(file, bytes);
    }
  }

  @Test
  void aCorpusThatHasChangedIsRefused() throws IOException {
    Path corpus = TinyCorpus.parquet(TinyCorpus.rows(300, 5), folder.resolve("corpus"), 2);
    Path run = folder.resolve("run");
    run(corpus, run);
    TinyCorpus.parquet(TinyCorpus.rows(310, 5), corpus, 2);
    assertThatThrownBy(
            () -> write(run, folder.resolve("mixed"), options(ShardFormat.JSONL, 1_000_000)))
        .hasMessageContaining(
            "Cannot materialize domain 'code': its files are not those of the plan")
        .hasMessageContaining("is gone or has changed. Run again with --resume");
  }

  @Test
  void tokenIdsStayTokenIds() throws IOException {
    TestSpark.session()
        .range(200)
        .selectExpr(
            "if(id % 2 = 0, 'a', 'b') as domain",
            "transform(sequence(0, 40), i -> cast((i * 7 + id) % 90 as int)) as ids")
        .coalesce(1)
        .write()
        .parquet(folder.resolve("corpus").toString());
    TinyRun.into(folder.resolve("run"))
        .over(folder.resolve("corpus"))
        .with("corpus.tokens-column", "ids")
        .with("sample.windows-per-domain", "40")
        .run(Existing.REFUSE, Stage.PLAN);
    for (ShardFormat format : ShardFormat.values()) {
      Path output = folder.resolve(format.toString());
      MixedCorpus mixed = write(folder.resolve("run"), output, options(format, 1_000_000));
      assertThat(mixed.tokenizerSha256()).isNull();
      assertThat(mixed.tokens()).isEqualTo(41 * mixed.rows());
      var read = TestSpark.session().read();
      var rows =
          format == ShardFormat.PARQUET
              ? read.parquet(output + "/data")
              : read.json(output + "/data");
      assertThat(
              rows.selectExpr("ids[1] - ids[0] as step", "size(ids) as n")
                  .where("n != 41 or (step != 7 and step != -83)")
                  .count())
          .isZero();
      assertThat(rows.count()).isEqualTo(mixed.rows());
    }
  }
}
