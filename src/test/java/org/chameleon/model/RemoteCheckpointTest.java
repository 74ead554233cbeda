package org.chameleon.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.chameleon.SlowFileSystem;
import org.chameleon.config.InvalidInputException;
import org.chameleon.model.Checkpoint.TokenizerNeed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint on a file system that is not the machine's own. */
class RemoteCheckpointTest {
  @TempDir private Path folder;

  /** Local files under another scheme. */
  public static final class Remote extends RawLocalFileSystem {
    @Override
    public String getScheme() {
      return "remote";
    }

    @Override
    public URI getUri() {
      return URI.create("remote:///");
    }
  }

  @Test
  void checkingReadsTheHeadersAloneAndReadingTheFilesThatHoldAWeight() throws IOException {
    CheckpointFixture.in(folder).save("other.safetensors", Map.of());
    Configuration hadoop = new Configuration();
    hadoop.setClass("fs.remote.impl", Remote.class, FileSystem.class);
    Checkpoint checkpoint = Checkpoint.open("remote://" + folder, TokenizerNeed.REQUIRED, hadoop);
    long weights = folder.resolve("model.safetensors").toFile().length();
    long before = bytesRead(hadoop);
    checkpoint.requireUsable(8, 0, hadoop);
    assertThat(bytesRead(hadoop) - before).isPositive().isLessThan(weights / 10);
    Map<String, float[]> values = CheckpointFixture.values(checkpoint, hadoop);
    assertThat(bytesRead(hadoop) - before).isBetween(weights, weights + weights / 5);
    CheckpointFixture.tensors()
        .forEach((name, tensor) -> assertThat(values.get(name)).isEqualTo(tensor.values()));
  }

  @Test
  void weightsAreFetchedOnceAndNamedByTheirSource() throws IOException {
    Map<String, Safetensors.Tensor> tensors = CheckpointFixture.tensors();
    tensors.get("wpe.weight").values()[5] = Float.NaN;
    CheckpointFixture.in(folder).save("model.safetensors", tensors);
    Checkpoint checkpoint =
        Checkpoint.open("slow://" + folder, TokenizerNeed.REQUIRED, SlowFileSystem.hadoop());
    for (int times = 1; times <= 2; times++) {
      int reads = times;
      assertThatThrownBy(() -> CheckpointFixture.values(checkpoint, SlowFileSystem.hadoop()))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining(
              "Cannot use tensor 'wpe.weight' of slow:%s/model.safetensors: value 5 is NaN.",
              folder);
      // Its header is read each time.
      assertThat(SlowFileSystem.opened(folder.resolve("model.safetensors"))).isEqualTo(1 + reads);
    }
  }

  @SuppressWarnings("deprecation") // its successor does not count by thread
  private static long bytesRead(Configuration hadoop) throws IOException {
    return FileSystem.getStatistics(
            "remote", FileSystem.get(URI.create("remote:///"), hadoop).getClass())
        .getThreadStatistics()
        .getBytesRead();
  }
}
