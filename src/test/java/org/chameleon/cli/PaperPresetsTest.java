package org.chameleon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.chameleon.Reference;
import org.chameleon.TinyCorpus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The paper's absolute settings, with another proxy and another number of domains. */
class PaperPresetsTest {
  @TempDir private Path folder;

  @Test
  void aProxyOfAnotherShapeIsWarnedOfWhereverTheMixtureIsRead() throws IOException {
    TinyCorpus.parquet(TinyCorpus.rows(20, 1), folder.resolve("corpus"), 1);
    Outcome transfer =
        run(
            "transfer",
            "corpus.path=" + folder.resolve("corpus"),
            "proxy.checkpoint=" + Reference.path("gpt2"),
            "sample.windows-per-domain=30",
            "sample.window-tokens=24");
    assertThat(transfer.out().replaceAll("\\s+", " "))
        .contains("warning: mixture.lambda = 10 is absolute: with this proxy of 4 layers of width")
        .contains("Set mixture.lambda-mode = relative and mixture.lambda = 0.29.")
        .contains("warning: mixture.temperature = 5 is absolute: with 4 domains it is what 8.75");
    assertThat(transfer.out().lines()).allMatch(line -> line.length() <= 80);
    assertThat(Files.readString(folder.resolve("transfer/report.html")))
        .contains("<b>ABSOLUTE_LAMBDA</b>", "<b>ABSOLUTE_TEMPERATURE</b>");
    JsonNode mixture = mixture("transfer");
    assertThat(mixture.get("effectiveLambda").asDouble()).isEqualTo(10);
    assertThat(mixture.get("effectiveTemperature").asDouble()).isEqualTo(5);

    Outcome relative =
        run("finetune", "embedding.from=" + folder.resolve("transfer/embedding/samples"));
    assertThat(relative.out().replaceAll("\\s+", " "))
        .contains("warning: mixture.lambda = 10 is absolute: with these embeddings it is")
        .contains("warning: mixture.temperature = 0.2 is absolute: with 4 domains it is");
    assertThat(mixture("finetune").get("warnings").findValuesAsText("code"))
        .endsWith("ABSOLUTE_LAMBDA", "ABSOLUTE_TEMPERATURE");
  }

  private Outcome run(String preset, String... settings) {
    List<String> arguments =
        new ArrayList<>(List.of("run", "--config", "conf/" + preset + ".conf"));
    arguments.addAll(List.of("--output", folder.resolve(preset).toString()));
    for (String setting : settings) {
      arguments.addAll(List.of("--set", setting));
    }
    arguments.addAll(List.of("--set", "plan.exports=[]"));
    Outcome outcome = Outcome.of(arguments.toArray(String[]::new));
    assertThat(outcome.code()).as(outcome.err()).isZero();
    return outcome;
  }

  private JsonNode mixture(String run) throws IOException {
    return new ObjectMapper().readTree(folder.resolve(run).resolve("mixture.json").toFile());
  }
}
