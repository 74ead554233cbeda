package org.chameleon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.chameleon.run.Stage;
import org.chameleon.storage.Existing;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What does not fit a given checkpoint is said before anything is copied or sampled. */
class ProxyChecksTest {
  @TempDir private Path folder;
  private TinyRun run;

  @BeforeEach
  void corpus() {
    run = TinyRun.withCorpus(folder);
  }

  @Test
  void windowsBeyondTheContextAreRefusedBeforeTheCheckpointIsCopied() {
    assertThatThrownBy(() -> run.with("sample.window-tokens", "100000").run())
        .hasMessageMatching(
            "Cannot sample windows of 100000 tokens: the context of the proxy \\S+ is 64. Lower"
                + " sample.window-tokens to 64.");
    assertThat(run.stage("train").get("status").asText()).isEqualTo("failed");
    assertThat(run.stage("train").get("error").asText()).contains("sample.window-tokens");
    assertThat(run.statuses()).containsOnlyKeys("train");
    assertThat(run.file("proxy")).doesNotExist();
  }

  @Test
  void windowsThatNoLongerFitAProxyThatIsReusedAreRefusedBeforeSampling() {
    run.run(Existing.REFUSE, Stage.TRAIN);
    assertThatThrownBy(() -> run.with("sample.window-tokens", "65").resume())
        .hasMessageContaining("sample.window-tokens");
    assertThat(run.statuses()).containsEntry("train", "reused").containsEntry("sample", "failed");
    assertThat(run.file("sample")).doesNotExist();
  }

  @Test
  void aLayerThatTheProxyHasNotIsRefusedBeforeSampling() {
    assertThatThrownBy(() -> run.with("embedding.layer", "5").run())
        .hasMessageContaining("Lower embedding.layer.");
    assertThat(run.statuses()).containsOnlyKeys("train");
  }

  @Test
  void weightsThatContradictTheConfigAreRefusedBeforeTheyAreCopied() throws IOException {
    Path checkpoint = Files.createDirectory(folder.resolve("checkpoint"));
    for (String name : new String[] {"config.json", "tokenizer.json", "model.safetensors"}) {
      Files.copy(Reference.path("gpt2/" + name), checkpoint.resolve(name));
    }
    Path config = checkpoint.resolve("config.json");
    Files.writeString(
        config, Files.readString(config).replace("\"n_positions\": 64", "\"n_positions\": 128"));
    assertThatThrownBy(() -> run.with("proxy.checkpoint", checkpoint.toString()).run())
        .hasMessageContaining(
            "tensor 'wpe.weight' has sizes (64, 48), config.json makes them (128, 48).");
    assertThat(run.statuses()).containsOnlyKeys("train");
    assertThat(run.file("proxy")).doesNotExist();
  }
}
