package org.chameleon.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  @Test
  void itSaysWhatIsDoneHowFastAndHowLongItTakes() {
    assertThat(
            ProgressLine.of(
                "embed",
                new ProgressLine.Tasks(12, 64),
                new TaskMetrics.Done(2500, 1_280_000, 0, 10_000),
                Duration.ofSeconds(100)))
        .isEqualTo(
            "stage=embed status=running tasks=12/64 windows=2500/10000 tokens=1280000 tokensPerSecond=12800 elapsed=1m40s left=5m00s");
  }

  @Test
  void whereTheNumberOfWindowsIsNotKnownTasksTellTheTimeLeft() {
    assertThat(
            ProgressLine.of(
                "sample",
                new ProgressLine.Tasks(1, 4),
                new TaskMetrics.Done(0, 0, 123_456, 0),
                Duration.ofHours(1)))
        .isEqualTo(
            "stage=sample status=running tasks=1/4 bytesRead=123456 elapsed=1h00m left=3h00m");
  }

  @Test
  void beforeAnythingIsKnownOnlyTimeIs() {
    assertThat(
            ProgressLine.of(
                "mix",
                new ProgressLine.Tasks(0, 0),
                new TaskMetrics.Done(0, 0, 0, 0),
                Duration.ofSeconds(3)))
        .isEqualTo("stage=mix status=running elapsed=3s");
  }
}
