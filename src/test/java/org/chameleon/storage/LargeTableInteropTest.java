package org.chameleon.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two gigabytes: too much for the tests that everybody runs. */
@Tag("interop")
class LargeTableInteropTest {
  @TempDir private Path folder;

  @Test
  void aTableOfTwoGigabytesDoesNotPassTheDriver() throws IOException {
    Instant start = Instant.now();
    StoredTable.Written written = StoredTable.write(folder, 2000);
    Instant stored = Instant.now();
    assertThat(written.bytes()).isGreaterThan(1_700_000_000);
    assertThat(written.bytesReadHere()).isLessThan(50_000_000);
    assertThat(StoredTable.problems(folder, written)).isEmpty();
    System.out.printf(
        "%,d bytes in %d files written in %d s, %,d bytes read by the driver; verified in %d s%n",
        written.bytes(),
        written.files().size(),
        Duration.between(start, stored).toSeconds(),
        written.bytesReadHere(),
        Duration.between(stored, Instant.now()).toSeconds());
    StoredTable.flipBit(folder.resolve("table/part-00001.parquet"));
    assertThat(StoredTable.problems(folder, written))
        .containsExactly("table/part-00001.parquet was changed: its SHA-256 is another.");
  }
}
