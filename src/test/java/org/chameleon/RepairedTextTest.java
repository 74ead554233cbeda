package org.chameleon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.chameleon.materialize.MixedCorpus;
import org.chameleon.materialize.ShardFormat;
import org.chameleon.run.Stage;
import org.chameleon.storage.Existing;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts with half of a surrogate pair, in all documents of one of two domains. */
class RepairedTextTest {
  private static final int DOCUMENTS = 30;

  @TempDir private Path folder;
  private TinyRun run;

  @BeforeEach
  void run() throws IOException {
    GrowingCorpus corpus = new GrowingCorpus(folder.resolve("corpus"));
    corpus.file("a", DOCUMENTS, List.of("a")).file("b", DOCUMENTS, List.of("b"));
    String whole = Files.readString(corpus.path("a"));
    Files.writeString(corpus.path("a"), whole.replace("\"text\": \"", "\"text\": \"\\ud83d "));
    run =
        TinyRun.into(folder.resolve("run"))
            .over(folder.resolve("corpus"))
            .with("plan.count", "exact")
            .run(Existing.REFUSE, Stage.PLAN);
  }

  @Test
  void theRecordSaysHowManyDocumentsWereRepaired() {
    assertThat(run.json("tokens.json").at("/domains/0/repairedDocuments").asInt())
        .isEqualTo(DOCUMENTS);
    for (String record : List.of("tokens.json", "sample/domains.json")) {
      JsonNode domains = run.json(record).get("domains");
      assertThat(domains).hasSize(2);
      assertThat(domains.get(0).get("repairedDocuments"))
          .isEqualTo(domains.get(0).get("documents"));
      assertThat(domains.get(1).get("repairedDocuments").asInt()).isZero();
    }
  }

  @Test
  void halvesOfPairsAreMaterializedAsReplacementCharacters() throws IOException {
    for (ShardFormat format : ShardFormat.values()) {
      Path output = folder.resolve(format.toString());
      MixedCorpus mixed =
          new Materialization(TestSpark.session(), run.directory(), null)
              .write(
                  output.toString(), new Materialization.Options(null, format, 1_000_000, false));
      List<String> texts = new ArrayList<>();
      for (MixedCorpus.File file : mixed.files()) {
        texts.addAll(texts(output.resolve(file.path()), format));
      }
      assertThat(texts).isNotEmpty().allSatisfy(text -> assertThat(text).startsWith("\uFFFD "));
    }
  }

  /** Returns the texts of the first domain. */
  private static List<String> texts(Path shard, ShardFormat format) throws IOException {
    List<String> texts = new ArrayList<>();
    if (format == ShardFormat.PARQUET) {
      TestSpark.session()
          .read()
          .parquet(shard.toString())
          .where("domain = 'a'")
          .collectAsList()
          .forEach(row -> texts.add(row.getAs("text")));
    } else {
      for (String line : Files.readAllLines(shard)) {
        JsonNode document = new ObjectMapper().readTree(line);
        if (document.get("domain").asText().equals("a")) {
          texts.add(document.get("text").asText());
        }
      }
    }
    return texts;
  }
}
