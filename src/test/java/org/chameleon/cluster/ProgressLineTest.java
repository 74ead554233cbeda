package org.chameleon.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
<<<<<<< HEAD
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
=======
import org.chameleon.cluster.ProgressLine.Tasks;
import org.chameleon.cluster.TaskMetrics.Done;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How far a stage is, in words. */
class ProgressLineTest {
  private static final Tasks NO_TASKS = new Tasks(0, 0);
  private static final Done NOTHING = new Done(0, 0, 0, 0);

  @Test
  void whatIsNotKnownIsLeftOut() {
    assertThat(ProgressLine.of("sample", NO_TASKS, NOTHING, Duration.ZERO))
        .isEqualTo("stage=sample status=running elapsed=0s");
  }

  @Test
  void aStageOfKnownSizeSaysAllOfItself() {
    Done done = new Done(250, 128_000, 4096, 1000);
    assertThat(ProgressLine.of("embed", new Tasks(3, 8), done, Duration.ofSeconds(20)))
        .isEqualTo(
            "stage=embed status=running tasks=3/8 windows=250/1000 tokens=128000"
                + " tokensPerSecond=6400 bytesRead=4096 elapsed=20s left=1m00s");
  }

  @Test
  void windowsOfUnknownNumberAreCountedAndTheTimeLeftIsThatOfTheTasks() {
    Done done = new Done(250, 0, 0, 0);
    assertThat(ProgressLine.of("sample", new Tasks(1, 4), done, Duration.ofSeconds(10)))
        .isEqualTo("stage=sample status=running tasks=1/4 windows=250 elapsed=10s left=30s");
  }

  @Test
  void noTimeIsLeftToSayBeforeAnythingIsDone() {
    assertThat(ProgressLine.of("mix", new Tasks(0, 4), NOTHING, Duration.ofSeconds(5)))
        .isEqualTo("stage=mix status=running tasks=0/4 elapsed=5s");
    assertThat(
            ProgressLine.of("e", new Tasks(2, 4), new Done(0, 0, 0, 10), Duration.ofSeconds(5)))
        .endsWith("windows=0/10 elapsed=5s");
  }

  @Test
  void repeatedTasksDoNotMakeTheTimeLeftNegative() {
    Done more = new Done(1200, 0, 0, 1000);
    assertThat(ProgressLine.of("embed", new Tasks(4, 4), more, Duration.ofSeconds(5)))
        .endsWith("windows=1200/1000 elapsed=5s left=0s");
  }

  @ParameterizedTest
  @CsvSource({"59, 59s", "60, 1m00s", "3599, 59m59s", "3600, 1h00m", "90061, 25h01m"})
  void timesAreShort(long seconds, String words) {
    assertThat(ProgressLine.of("mix", NO_TASKS, NOTHING, Duration.ofSeconds(seconds)))
        .endsWith("elapsed=" + words);
  }

  @Test
  void aStageThatHasJustBegunDividesByNoZero() {
    assertThat(ProgressLine.of("e", NO_TASKS, new Done(0, 5, 0, 0), Duration.ZERO))
        .contains("tokensPerSecond=5000");
>>>>>>> wt-tests
  }
}
