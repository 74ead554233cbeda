package org.chameleon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.chameleon.corpus.Corpus;
import org.chameleon.run.Stage;
import org.chameleon.sampling.HeldOut;
import org.chameleon.storage.Existing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is held out leaves no trace in a run but for the sizes. */
class HeldOutRunTest {
  private static final int DOCUMENTS = 100;

  @TempDir private Path folder;

  @Test
  void neitherTokenizerNorProxyNorWindowsSeeWhatIsHeldOut() throws IOException {
    TinyRun one = run("one", 0.1);
    write(List.of());
    HeldOut heldOut = heldOut(one);
    heldOut.documents().values().forEach(held -> assertThat(held).hasSize(10));
    one.run(Existing.REFUSE, Stage.SAMPLE);
    List<String> other = new ArrayList<>();
    heldOut.documents().forEach((domain, held) -> add(other, domain, held));
    write(other);
    TinyRun two = run("two", 0.1);
    assertThat(heldOut(two).documents().get("code")).isEqualTo(heldOut.documents().get("code"));
    two.run(Existing.REFUSE, Stage.SAMPLE);
    for (String file :
        List.of("tokenizer.json", "model.safetensors", "training.json", "config.json")) {
      assertThat(two.file("proxy/" + file)).hasSameBinaryContentAs(one.file("proxy/" + file));
    }
    assertThat(RunFiles.of(two.file("sample/windows")))
        .isEqualTo(RunFiles.of(one.file("sample/windows")));
    assertThat(Files.readString(two.file("sample/domains.json")))
        .isNotEqualTo(Files.readString(one.file("sample/domains.json")));
  }

  @Test
  void sizesAreWhatTheyAreWhereNothingIsHeldOut() throws IOException {
    write(List.of());
    TinyRun held = run("held", 0.1).with("proxy.checkpoint", gpt2());
    TinyRun none = run("none", 0).with("proxy.checkpoint", gpt2());
    held.run(Existing.REFUSE, Stage.SAMPLE);
    none.run(Existing.REFUSE, Stage.SAMPLE);
    assertThat(held.file("sample/domains.json"))
        .hasSameBinaryContentAs(none.file("sample/domains.json"));
    assertThat(windows(held)).isNotEqualTo(windows(none));
  }

  @Test
  void aCorpusTooSmallToHoldOutAnythingIsSampledAsEver() throws IOException {
    write(List.of());
    TinyRun little = run("little", 0.009).with("proxy.checkpoint", gpt2());
    TinyRun none = run("none", 0).with("proxy.checkpoint", gpt2());
    little.run(Existing.REFUSE, Stage.SAMPLE);
    none.run(Existing.REFUSE, Stage.SAMPLE);
    assertThat(windows(little)).isEqualTo(windows(none));
  }

  private static String gpt2() {
    return Reference.path("gpt2").toString();
  }

  private static List<Row> windows(TinyRun run) {
    return run.directory().windows(TestSpark.session()).orderBy("domain", "window").collectAsList();
  }

  private TinyRun run(String name, double fraction) {
    return TinyRun.into(folder.resolve(name))
        .over(folder.resolve("corpus.jsonl"))
        .training()
        .with("corpus.held-out.fraction", String.valueOf(fraction));
  }

  private static HeldOut heldOut(TinyRun run) {
    RunConfig config = run.config();
    Corpus corpus = Corpus.open(TestSpark.session(), config.corpus());
    return HeldOut.of(corpus, config.corpus().heldOut(), config.seed());
  }

  private static void add(List<String> places, String domain, long[] documents) {
    for (long document : documents) {
      places.add(domain + document);
    }
  }

  /** Writes a corpus; at some places it has words that stand nowhere else. */
  private void write(List<String> others) throws IOException {
    StringBuilder lines = new StringBuilder();
    List<Row> rows = TinyCorpus.rows(DOCUMENTS, 1);
    for (int i = 0; i < rows.size(); i++) {
      String domain = rows.get(i).getString(0);
      String text = rows.get(i).getString(1);
      boolean other = others.contains(domain + i % DOCUMENTS);
      Map<String, String> row =
          Map.of("domain", domain, "text", other ? text.replaceAll("\\S+", "zyzzyva") : text);
      lines.append(new ObjectMapper().writeValueAsString(row)).append('\n');
    }
    Files.writeString(folder.resolve("corpus.jsonl"), lines);
  }
}
