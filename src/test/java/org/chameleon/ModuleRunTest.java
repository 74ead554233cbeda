package org.chameleon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.chameleon.config.InvalidInputException;
import org.chameleon.run.Stage;
import org.chameleon.storage.Existing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run whose proxy is a TorchScript module of the user's own. */
class ModuleRunTest {
  @TempDir Path folder;

  @Test
  void itsStatesArePooledOverTheTokensOfEachWindow() throws IOException {
    run(ModuleFile.write(folder.resolve("module"), ModuleFile.HEEDS_MASK), Stage.REPORT);
    Path run = folder.resolve("run");
    List<Row> rows =
        TestSpark.session()
            .read()
            .parquet(run.resolve("embedding/samples").toString())
            .join(
                TestSpark.session().read().parquet(run.resolve("sample/windows").toString()),
                new String[] {"domain", "window"})
            .collectAsList();
    assertThat(rows).hasSize(4 * 30);
    for (Row row : rows) {
      List<Integer> ids = row.getList(row.fieldIndex("ids"));
      List<Float> found = row.getList(row.fieldIndex("embedding"));
      double[] expected = new double[3];
      double sum = 0;
      for (int id : ids) {
        sum += id;
        expected[0] += Math.sin(id) / ids.size();
        expected[1] += Math.cos(sum / 100) / ids.size();
        expected[2] += 0.5 * id / ids.size();
      }
      for (int i = 0; i < 3; i++) {
        assertThat(Math.abs(found.get(i) - expected[i])).isLessThan(1e-3);
      }
    }
    assertThat(run.resolve("proxy/model.pt")).exists();
    assertThat(run.resolve("report.html")).exists();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "return torch.unsqueeze(torch.cumsum(torch.flip(torch.add(torch.to(ids, 6, False, False, None), 1), [1]), 1), 2)"
            + "| padding moves what it makes of a window",
        "return torch.to(ids, 6, False, False, None) | it returned [1, 3] of [1, 3]",
        "return torch.unsqueeze(torch.div(torch.to(ids, 6, False, False, None), 0.), 2)"
            + "| its states are not finite",
        "return torch.embedding(torch.ones([9, 4], dtype=6, layout=0, device=torch.device(\"cpu\"),"
            + " pin_memory=False), ids) | index out of range",
      })
  void aModuleThatCannotBeUsedIsRefusedBeforeWork(String forward, String message)
      throws IOException {
    Path file = ModuleFile.write(folder.resolve("module"), forward);
    assertThatThrownBy(() -> run(file, Stage.EMBED))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("Cannot embed with the module")
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
    assertThat(folder.resolve("run/sample")).doesNotExist();
  }

  @Test
  void whatIsNoModuleIsRefused() throws IOException {
    Path file = ModuleFile.write(folder.resolve("module"), ModuleFile.HEEDS_MASK);
    Files.writeString(file, "weights");
    assertThatThrownBy(() -> run(file, Stage.EMBED))
        .hasMessageContaining("model.pt as a TorchScript module:")
        .hasMessageEndingWith("Save it with torch.jit.save.");
    assertThatThrownBy(() -> run(folder.resolve("nowhere.pt"), Stage.EMBED))
        .hasMessageContaining("nothing is there. Correct proxy.torchscript.");
    Files.copy(file, file.resolveSibling("other.ts"));
    assertThatThrownBy(() -> run(file.getParent(), Stage.EMBED))
        .hasMessageContaining("it has 2 modules: model.pt, other.ts. Name the file");
    Files.delete(file.resolveSibling("tokenizer.json"));
    assertThatThrownBy(() -> run(file, Stage.EMBED))
        .hasMessageContaining("it has no tokenizer.json. Copy all files of the module.");
  }

  @ParameterizedTest
  @CsvSource({
    "layer, last, Remove embedding.layer",
    "layers, [1], Remove embedding.layers",
    "precision, float32, Remove embedding.precision"
  })
  void whatAModuleDecidesItselfIsRefused(String key, String value, String message)
      throws IOException {
    Path file = ModuleFile.write(folder.resolve("module"), ModuleFile.HEEDS_MASK);
    assertThatThrownBy(
            () -> over(file).with("embedding." + key, value).run(Existing.REFUSE, Stage.EMBED))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(message);
  }

  @Test
  void twoProxiesAreRefused() {
    assertThatThrownBy(
            () ->
                TinyRun.withCorpus(folder)
                    .with("proxy.torchscript", "model.pt")
                    .run(Existing.REFUSE, Stage.EMBED))
        .hasMessageContaining("checkpoint and torchscript are both set");
  }

  private void run(Path module, Stage until) {
    over(module).run(Existing.REFUSE, until);
  }

  private TinyRun over(Path module) {
    return TinyRun.withCorpus(folder)
        .with("proxy", "{ torchscript = \"" + module + "\" }")
        .with("embedding", "{ batch-tokens = 100 }");
  }
}
