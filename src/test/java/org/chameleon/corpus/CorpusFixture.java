package org.chameleon.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.chameleon.TestSpark;
import org.chameleon.config.Failures;
import org.junit.jupiter.api.io.TempDir;

/** Files of a corpus, as tests write and read them. */
class CorpusFixture {
  static final StructType TEXT =
      new StructType().add("domain", DataTypes.StringType).add("text", DataTypes.StringType);

  @TempDir Path folder;

  /** A document as a test looks at it. */
  record Read(String domain, long ordinal, String content, long row) implements Serializable {}

  /** Keeps what it is shown. */
  static final class Keeper implements DocumentVisitor {
    private final List<Read> read = new ArrayList<>();

    @Override
    public void visit(Document document, boolean drawn) {
      String content =
          document.text() != null ? document.text() : java.util.Arrays.toString(document.tokens());
      read.add(new Read(document.domain(), document.ordinal(), content, document.row()));
    }
  }

  static long bytesRead() {
    return org.apache.hadoop.fs.FileSystem.getGlobalStorageStatistics()
        .get("file")
        .getLong("bytesRead");
  }

  void assertRefused(CorpusConfig config, String message) {
    assertThatThrownBy(() -> open(config).domains())
        .satisfies(e -> assertThat(Failures.message(e)).contains(message));
  }

  void assertUnreadable(CorpusConfig config, long ordinal, String message) {
    assertThatThrownBy(() -> read(open(config), Map.of("a", new long[] {ordinal})))
        .satisfies(e -> assertThat(Failures.message(e)).contains(message));
  }

  static List<Read> read(Corpus corpus, Map<String, long[]> ordinals) {
    List<Read> read =
        new ArrayList<>(
            corpus.read(ordinals, Keeper::new, keeper -> keeper.read.iterator()).collect());
    read.sort(Comparator.comparing(Read::domain).thenComparing(Read::ordinal));
    return read;
  }

  static long[] range(long n) {
    return java.util.stream.LongStream.range(0, n).toArray();
  }

  CorpusConfig config(String name) {
    return new CorpusConfig(
        List.of(path(name)),
        Map.of(),
        "domain",
        "text",
        Optional.empty(),
        BadRows.FAIL,
        31,
        HeldOutConfig.OFF,
        List.of(),
        Map.of());
  }

  CorpusConfig domains(Map<String, List<String>> domains) {
    return new CorpusConfig(
        List.of(),
        domains,
        "domain",
        "text",
        Optional.empty(),
        BadRows.FAIL,
        31,
        HeldOutConfig.OFF,
        List.of(),
        Map.of());
  }

  String path(String name) {
    return folder + "/" + name;
  }

  static Corpus open(CorpusConfig config) {
    return Corpus.open(TestSpark.session(), config);
  }

  void parquet(List<Row> rows, StructType schema, String name, Map<String, String> options) {
    TestSpark.session()
        .createDataFrame(rows, schema)
        .coalesce(1)
        .write()
        .mode(SaveMode.Overwrite)
        .options(options)
        .parquet(path(name));
  }

  void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    try (OutputStream raw = Files.newOutputStream(file);
        OutputStream out =
            name.endsWith(".gz")
                ? new GZIPOutputStream(raw)
                : name.endsWith(".zst") ? new ZstdOutputStream(raw) : raw) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
