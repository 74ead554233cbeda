package org.chameleon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.chameleon.model.Tokenizer;
import org.chameleon.plan.SamplingPlan;
import org.chameleon.plan.TokenOrigin;
import org.chameleon.run.RunDirectory;
import org.chameleon.run.RunStatus;
import org.chameleon.run.Stage;
import org.chameleon.storage.Existing;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a plan's numbers of tokens come from. */
class TokenCountTest {
  @TempDir private Path folder;

  private final Path letters = Reference.path("gpt2");

  @BeforeEach
  void corpus() throws IOException {
    TinyCorpus.parquet(TinyCorpus.rows(900, 7), folder.resolve("corpus"), 2);
    // A tokenizer of one token per word, for a model that is not the proxy.
    Files.createDirectories(folder.resolve("target"));
    Files.writeString(
        folder.resolve("target/tokenizer.json"),
        """
        {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
         "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null, "decoder": null,
         "model": {"type": "WordLevel", "vocab": {"?": 0}, "unk_token": "?"}}
        """);
  }

  private SamplingPlan plan(Existing existing, String settings) {
    return run(settings).run(existing, Stage.PLAN).directory().plan();
  }

  private TinyRun run(String settings) {
    return TinyRun.into(folder.resolve("run"))
        .over(folder.resolve("corpus"))
        .with("sample.windows-per-domain", "20")
        .with("sample.documents-per-window", "10")
        .with("plan", "{ " + settings + " }");
  }

  private RunDirectory directory() {
    return TinyRun.into(folder.resolve("run")).directory();
  }

  private Map<String, Long> tokens(Path tokenizer) {
    Tokenizer opened = Tokenizer.of(Tokenizer.read(tokenizer.toString(), new Configuration()));
    Map<String, Long> tokens = new TreeMap<>();
    for (Row row : TinyCorpus.rows(900, 7)) {
      tokens.merge(row.getString(0), (long) opened.encode(row.getString(1)).length, Long::sum);
    }
    return tokens;
  }

  @Test
  void exactCountsAreThoseOfEveryDocument() throws IOException {
    SamplingPlan estimated = plan(Existing.REFUSE, "count = estimate");
    assertThat(RunStatus.of(directory(), Stage.PLAN, null).problems()).isEmpty();
    assertThat(estimated.domains()).allMatch(d -> d.counted() == TokenOrigin.ESTIMATE);
    SamplingPlan exact = plan(Existing.RESUME, "count = exact");
    Map<String, Long> tokens = tokens(letters);
    for (int i = 0; i < tokens.size(); i++) {
      SamplingPlan.Domain domain = exact.domains().get(i);
      assertThat(domain.counted()).isEqualTo(TokenOrigin.EXACT);
      assertThat(domain.availableTokens()).isEqualTo(tokens.get(domain.name()));
      assertThat(domain.availableTokensStandardError()).isZero();
      SamplingPlan.Domain guess = estimated.domains().get(i);
      assertThat((double) guess.availableTokens())
          .isCloseTo(domain.availableTokens(), within(4 * guess.availableTokensStandardError()));
    }
    assertThat(exact.tokenizerSha256()).hasSize(64);
    assertThat(RunStatus.of(directory(), Stage.PLAN, null).problems()).isEmpty();
    assertThat(RunStatus.of(directory(), Stage.PLAN, null).stages()).containsKey(Stage.COUNT);
  }

  @Test
  void aSizeIsAnEstimateWhereNotAllDocumentsWereReadThoughTheyAreOfOneLength() throws IOException {
    List<Row> rows = new ArrayList<>();
    Random random = new Random(5);
    for (int i = 0; i < 3 * 900; i++) {
      StringBuilder text = new StringBuilder();
      // Bytes that no merge joins: one token each.
      random.ints(100, 0x3A, 0x40).forEach(text::appendCodePoint);
      rows.add(RowFactory.create("abc".substring(i % 3, i % 3 + 1), text.toString()));
    }
    TinyCorpus.parquet(rows, folder.resolve("corpus"), 2);
    for (SamplingPlan.Domain domain : plan(Existing.REFUSE, "count = estimate").domains()) {
      assertThat(domain.availableTokens()).isEqualTo(90_000);
      assertThat(domain.availableTokensStandardError()).isZero();
      assertThat(domain.counted()).isEqualTo(TokenOrigin.ESTIMATE);
    }
  }

  @Test
  void theTokensCanBeThoseOfAnotherModel() throws IOException {
    Map<String, Long> words = tokens(folder.resolve("target"));
    String target = "tokenizer = \"%s\"".formatted(folder.resolve("target"));
    for (SamplingPlan.Domain domain : plan(Existing.REFUSE, target).domains()) {
      assertThat(domain.counted()).isEqualTo(TokenOrigin.ESTIMATE);
      assertThat((double) domain.availableTokens())
          .isCloseTo(words.get(domain.name()), within(4 * domain.availableTokensStandardError()));
    }
    for (SamplingPlan.Domain domain : plan(Existing.RESUME, target + ", count = exact").domains()) {
      assertThat(domain.availableTokens()).isEqualTo(words.get(domain.name()));
    }
  }

  @Test
  void otherWeightsDoNotCountAgain() throws IOException {
    plan(Existing.REFUSE, "count = exact");
    TinyRun run = run("count = exact, max-epochs = 2").with("mixture.max-ratio", "2");
    run.run(Existing.RESUME, Stage.PLAN);
    assertThat(run.statuses()).containsEntry("mix", "done").containsEntry("count", "reused");
    assertThat(TinyRun.into(folder.resolve("run")).problems()).isEmpty();
  }

  @Test
  void aTokenizerThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> plan(Existing.REFUSE, "tokenizer = \"/no/such\""))
        .hasMessageContaining("Cannot read the tokenizer /no/such:")
        .hasMessageContaining("Give a tokenizer.json, or a directory with one.");
  }
}
