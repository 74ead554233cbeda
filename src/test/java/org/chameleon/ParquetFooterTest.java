package org.chameleon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Util;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetFooterTest {
  @TempDir private Path folder;

  @Test
  void encodingsAreSortedAndTheRowsUntouched() throws IOException {
    TinyCorpus.parquet(TinyCorpus.rows(50, 1), folder.resolve("table"), 1);
    Path written = folder.resolve("written.parquet");
    try (var files = Files.list(folder.resolve("table"))) {
      Files.move(
          files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow(), written);
    }
    long rows = TestSpark.session().read().parquet(written.toString()).count();
    List<String> before =
        TestSpark.session().read().parquet(written.toString()).toJSON().collectAsList();
    FileSystem local = FileSystem.getLocal(new Configuration());
    Path moved = folder.resolve("moved.parquet");
    ParquetFooter.moveSorted(
        local,
        local.getFileStatus(new org.apache.hadoop.fs.Path(written.toString())),
        new org.apache.hadoop.fs.Path(moved.toString()));
    assertThat(written).doesNotExist();
    assertThat(rows).isEqualTo(200);
    assertThat(TestSpark.session().read().parquet(moved.toString()).toJSON().collectAsList())
        .isEqualTo(before);
    for (ColumnChunk column : footer(moved).getRow_groups().get(0).getColumns()) {
      List<Integer> encodings = new ArrayList<>();
      for (Encoding encoding : column.getMeta_data().getEncodings()) {
        encodings.add(encoding.getValue());
      }
      assertThat(encodings).isSorted().hasSizeGreaterThan(1);
    }
  }

  private static FileMetaData footer(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(bytes.length - 8);
    return Util.readFileMetaData(
        new ByteArrayInputStream(bytes, bytes.length - 8 - length, length));
  }
}
