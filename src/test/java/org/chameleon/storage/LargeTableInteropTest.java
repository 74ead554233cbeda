package org.chameleon.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a table of 2 GB takes of the driver; needs that much disk. */
@Tag("interop")
class LargeTableInteropTest {
  private static final long ROWS = 500_000;

  @TempDir private Path folder;

  @Test
  void theDriverReadsNothingOfALargeTable() throws IOException {
    FloatTable table = FloatTable.write(ROWS, folder);
    table.assertFourParts(ROWS);
    assertThat(table.bytes()).isGreaterThan(1_800_000_000L);
    assertThat(table.driverBytes()).isLessThan(50_000_000);
    long before = FloatTable.bytesOfThisThread();
    long start = System.nanoTime();
    assertThat(table.problems(folder)).isEmpty();
    double verified = (System.nanoTime() - start) / 1e9;
    long read = FloatTable.bytesOfThisThread() - before;
    table.flip(folder, 2);
    List<String> problems = table.problems(folder);
    System.out.printf(
        "large table: %d bytes in %.1f s, read by the driver %d; verified in %.1f s, read by the driver %d%n",
        table.bytes(), table.seconds(), table.driverBytes(), verified, read);
    assertThat(problems)
        .containsExactly("part-00002.parquet was changed: its SHA-256 is another.");
    assertThat(read).isLessThan(50_000_000);
  }
}
