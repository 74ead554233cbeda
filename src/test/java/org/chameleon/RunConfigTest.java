package org.chameleon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.chameleon.config.ConfigurationException;
import org.chameleon.mixture.Objective;
import org.chameleon.mixture.Scale;
import org.chameleon.model.Precision;
import org.chameleon.plan.ExportTarget;
import org.chameleon.sampling.SampleConfig.Span;
import org.chameleon.sampling.SampleConfig.Unit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunConfigTest {
  @TempDir private Path folder;

  @Test
  void whatAFileLeavesOutIsTheDefault() throws IOException {
    RunConfig config = load("chameleon { output = out, corpus.path = x }", Map.of());
    assertThat(config.seed()).isEqualTo(17);
    assertThat(config.sample().windowsPerDomain()).isEqualTo(2048);
    assertThat(config.sample().windowTokens()).isEqualTo(512);
    assertThat(config.sample().span()).isEqualTo(Span.STREAM);
    assertThat(config.sample().unit()).isEqualTo(Unit.TOKENS);
    assertThat(config.embedding().precision()).isEqualTo(Precision.AUTO);
    assertThat(config.embedding().device()).isEqualTo("auto");
    assertThat(config.mixture().objective()).isEqualTo(Objective.PRETRAIN);
    assertThat(config.mixture().lambda()).isEqualTo(0.29);
    assertThat(config.mixture().lambdaMode()).isEqualTo(Scale.RELATIVE);
    assertThat(config.mixture().temperature()).isEmpty();
    assertThat(config.mixture().maxRatio()).contains(4.0);
    assertThat(config.plan().tokens()).isEmpty();
    assertThat(config.plan().exports())
        .containsExactly(ExportTarget.MEGATRON, ExportTarget.HUGGINGFACE);
  }

  @Test
  void thePresetsAreThePapersSettings() {
    Map<String, String> where = Map.of("corpus.path", "x", "output", "y");
    RunConfig pretrain = RunConfig.load("conf/pretrain.conf", where, new Configuration());
    assertThat(pretrain.mixture().lambda()).isEqualTo(10);
    assertThat(pretrain.mixture().lambdaMode()).isEqualTo(Scale.ABSOLUTE);
    assertThat(pretrain.mixture().temperature()).contains(5.0);
    assertThat(pretrain.mixture().temperatureMode()).isEqualTo(Scale.ABSOLUTE);
    assertThat(pretrain.mixture().maxRatio()).isEmpty();
    assertThat(pretrain.proxy().train().width()).isEqualTo(768);
    RunConfig finetune = RunConfig.load("conf/finetune.conf", where, new Configuration());
    assertThat(finetune.mixture().objective()).isEqualTo(Objective.FINETUNE);
    assertThat(finetune.mixture().temperature()).contains(0.2);
    assertThat(finetune.mixture().lambda()).isEqualTo(10);
    assertThatThrownBy(() -> RunConfig.load("conf/transfer.conf", where, new Configuration()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("transfer.conf")
        .hasMessageContaining("PROXY_CHECKPOINT");
    Map<String, String> given =
        Map.of("corpus.path", "x", "output", "y", "proxy.checkpoint", "runs/1/proxy");
    RunConfig transfer = RunConfig.load("conf/transfer.conf", given, new Configuration());
    assertThat(transfer.proxy().given()).contains("runs/1/proxy");
    assertThat(transfer.mixture()).isEqualTo(pretrain.mixture());
  }

  @Test
  void valuesOfTheCommandLineWin() throws IOException {
    RunConfig config =
        load(
            "chameleon { output = out, corpus.path = x, embedding.partitions = 1 }",
            Map.of(
                "embedding.partitions", "7",
                "output", "s3a://bucket/run",
                "plan.exports", "[megatron]",
                "corpus.path", "s3a://bucket/*.parquet"));
    assertThat(config.embedding().partitions()).isEqualTo(7);
    assertThat(config.output()).isEqualTo("s3a://bucket/run");
    assertThat(config.plan().exports()).containsExactly(ExportTarget.MEGATRON);
    assertThat(config.corpus().path()).containsExactly("s3a://bucket/*.parquet");
  }

  @Test
  void anUnknownKeyOfTheCommandLineIsRefused() {
    assertThatThrownBy(
            () ->
                load(
                    "chameleon { output = out, corpus.path = x }",
                    Map.of("embeding.partitions", "7")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("embeding is not a known key. Did you mean 'embedding'?");
  }

  @Test
  void problemsNameFileAndLine() {
    assertThatThrownBy(
            () ->
                load(
                    """
                    chameleon {
                      output = out
                      corpus { path = x, text-colum = body }
                      sample { windows-per-domain = 0 }
                    }
                    """,
                    Map.of()))
        .hasMessageContaining(
            "run.conf:3: corpus.text-colum is not a known key. Did you mean 'text-column'?")
        .hasMessageContaining("run.conf:4: sample.windows-per-domain must be at least 1");
  }

  @Test
  void aFileThatIsNotHoconIsRefused() {
    assertThatThrownBy(() -> load("chameleon { output = ", Map.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("run.conf");
  }

  @Test
  void aMissingFileIsRefused() {
    assertThatThrownBy(() -> RunConfig.load(folder + "/none.conf", Map.of(), new Configuration()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("no configuration file at " + folder + "/none.conf");
  }

  @Test
  void aCorpusIsNeeded() {
    assertThatThrownBy(() -> load("chameleon { output = out }", Map.of()))
        .hasMessageContaining("corpus has neither 'path' nor 'domains'");
  }

  @Test
  void anOutputIsNeeded() {
    assertThatThrownBy(() -> load("chameleon { corpus.path = x }", Map.of()))
        .hasMessageContaining("output is not set");
  }

  @Test
  void windowsLongerThanTheTrainedContextAreRefused() {
    assertThatThrownBy(
            () ->
                load(
                    "chameleon { output = out, corpus.path = x, sample.window-tokens = 513 }",
                    Map.of()))
        .hasMessageContaining("sample.window-tokens = 513 is more than proxy.train.context = 512");
  }

  private RunConfig load(String text, Map<String, String> overrides) throws IOException {
    Path file = folder.resolve("run.conf");
    Files.writeString(file, text);
    return RunConfig.load(file.toString(), overrides, new Configuration());
  }
}
