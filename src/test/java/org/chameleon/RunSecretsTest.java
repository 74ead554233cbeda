package org.chameleon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.config.Failures;
import org.chameleon.config.InvalidInputException;
import org.chameleon.materialize.MixedCorpus;
import org.chameleon.materialize.ShardFormat;
import org.chameleon.run.Stage;
import org.chameleon.storage.Existing;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A corpus whose URI says who logs in: nothing that is written tells. */
class RunSecretsTest {
  private static final String PASSWORD = "hunter2";

  @TempDir private Path folder;
  private TinyRun run;

  @BeforeEach
  void corpus() {
    LoginFileSystem.register(TestSpark.session().sparkContext().hadoopConfiguration());
    Path corpus = TinyCorpus.parquet(TinyCorpus.rows(30, 1), folder.resolve("corpus"), 2);
    run =
        TinyRun.into(folder.resolve("run"))
            .with("corpus.path", "[\"login://alice:" + PASSWORD + "@store" + corpus + "\"]");
  }

  @Test
  void nothingThatIsWrittenHasThePassword() throws IOException {
    run.run();
    assertThat(run.json("run.json").at("/configuration/corpus/path/0").asText())
        .isEqualTo("login://***@store" + folder + "/corpus");
    assertThat(run.json("plan/manifest.json").at("/domains/0/sources/0/path").asText())
        .startsWith("login://***@store" + folder + "/corpus/part-");
    assertThat(filesWithPassword(folder.resolve("run"))).isEmpty();
  }

  @Test
  void aFailureDoesNotTellIt() {
    TinyRun failing = run.with("corpus.text-column", "body");
    assertThatThrownBy(failing::run)
        .satisfies(
            e ->
                assertThat(Failures.message(e))
                    .contains("login://***@store")
                    .doesNotContain(PASSWORD));
    assertThat(run.json("run.json").toString()).doesNotContain(PASSWORD);
  }

  @Test
  void anotherPasswordIsTheSameCorpus() {
    run.run(Existing.REFUSE, Stage.SAMPLE);
    run.with("corpus.path", "[\"login://bob:other@store" + folder + "/corpus\"]")
        .run(Existing.RESUME, Stage.SAMPLE);
    assertThat(run.statuses()).containsEntry("sample", "reused");
  }

  @Test
  void theMixedCorpusIsWrittenWithTheConfigurationOfTheRun() throws IOException {
    run.run();
    assertThatThrownBy(() -> write(null))
        .hasMessageContaining("the run does not record the secrets of its corpus")
        .hasMessageContaining("Give --config, and --set, as it was run with.");
    assertThatThrownBy(() -> write(run.over(folder.resolve("other")).config()))
        .hasMessageContaining("corpus in --config is not that of the run");
    MixedCorpus mixed = write(run.config());
    assertThat(mixed.rows()).isPositive();
    assertThat(filesWithPassword(folder.resolve("mixed"))).isEmpty();
  }

  @Test
  void aContainerIsNoSecretAndItsCorpusIsMaterializedAsRecorded() {
    TestSpark.session()
        .sparkContext()
        .hadoopConfiguration()
        .set("fs.abfss.impl", LoginFileSystem.class.getName());
    String uri = "abfss://corpora@account.dfs.core.windows.net" + folder + "/corpus";
    run = run.with("corpus.path", "[\"" + uri + "\"]");
    run.run();
    assertThat(run.json("run.json").at("/configuration/corpus/path/0").asText()).isEqualTo(uri);
    assertThat(write(null).rows()).isPositive();
  }

  @Test
  void aTokenizerIsNotReadFromAnAddressWithoutItsSecrets() throws IOException {
    String tokenizer = "@store" + Reference.path("gpt2");
    run =
        run.over(folder.resolve("corpus"))
            .with("plan.tokenizer", "login://alice:" + PASSWORD + tokenizer);
    run.run();
    assertThat(run.json("run.json").at("/configuration/plan/tokenizer").asText())
        .isEqualTo("login://***" + tokenizer);
    assertThat(filesWithPassword(folder.resolve("run"))).isEmpty();
    assertThatThrownBy(() -> write(null))
        .hasMessage(
            "Cannot materialize %s: the run does not record the secrets of plan.tokenizer, login://***%s. Give --config, and --set, as it was run with.",
            run.directory(), tokenizer);
    assertThat(write(run.config()).rows()).isPositive();
  }

  @Test
  void whatIsReadWithSecretsIsNotOpenedAsRecorded() throws IOException {
    TinyRun plain = run.over(folder.resolve("corpus")).run();
    JsonNode recorded = plain.json("run.json");
    Map<String, String> sections =
        Map.of(
            "corpus", "{\"path\": [\"login://***@store/corpus\"]}",
            "plan", "{\"tokenizer\": \"login://***@store/tokenizer.json\"}",
            "mixture", "{\"other-proxies\": [\"login://***@store/run\"]}",
            "evaluation", "{\"from\": \"login://***@store/model\"}");
    for (Map.Entry<String, String> section : sections.entrySet()) {
      JsonNode masked = recorded.deepCopy();
      ((ObjectNode) masked.path("configuration").path(section.getKey()))
          .setAll((ObjectNode) new ObjectMapper().readTree(section.getValue()));
      Files.writeString(plain.file("run.json"), masked.toString());
      assertThatThrownBy(
              () ->
                  Evaluation.configuration(plain.directory(), null, Map.of(), new Configuration()))
          .as(section.getKey())
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining(
              "the run does not record the secrets of its inputs. Give --config as it was run with.");
      assertThatThrownBy(() -> plain.change(null, "added", change -> change.add(false, false)))
          .as(section.getKey())
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("the run does not record the secrets of its");
    }
  }

  private MixedCorpus write(RunConfig given) {
    return new Materialization(TestSpark.session(), run.directory(), given)
        .write(
            folder.resolve("mixed").toString(),
            new Materialization.Options(null, ShardFormat.JSONL, 1_000_000, false));
  }

  private static String[] filesWithPassword(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> text(file).contains(PASSWORD))
          .map(Path::toString)
          .toArray(String[]::new);
    }
  }

  private static String text(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
