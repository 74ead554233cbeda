package org.chameleon.cluster;

import java.time.Duration;
import java.util.Locale;
import java.util.StringJoiner;

/** How far a stage is, in one line of {@code key=value} pairs. */
final class ProgressLine {
  private ProgressLine() {}

  /**
   * Where the tasks of a stage are.
   *
   * @param ended tasks of the jobs that run
   * @param all tasks of the jobs that run
   */
  record Tasks(int ended, int all) {}

  /**
   * Returns the line; what is not known is left out.
   *
   * @param elapsed since the stage was started
   */
  static String of(String stage, Tasks tasks, TaskMetrics.Done done, Duration elapsed) {
    StringJoiner line = new StringJoiner(" ");
    line.add("stage=" + stage).add("status=running");
    double seconds = Math.max(1e-3, elapsed.toMillis() / 1000.0);
    if (tasks.all() > 0) {
      line.add("tasks=%d/%d".formatted(tasks.ended(), tasks.all()));
    }
    if (done.expectedWindows() > 0) {
      line.add("windows=%d/%d".formatted(done.windows(), done.expectedWindows()));
    } else if (done.windows() > 0) {
      line.add("windows=" + done.windows());
    }
    if (done.tokens() > 0) {
      line.add("tokens=" + done.tokens());
      line.add(String.format(Locale.ROOT, "tokensPerSecond=%.0f", done.tokens() / seconds));
    }
    if (done.bytes() > 0) {
      line.add("bytesRead=" + done.bytes());
    }
    line.add("elapsed=" + words(elapsed.toSeconds()));
    double part = part(tasks, done);
    if (part > 0) {
      line.add("left=" + words(Math.round(seconds * (1 - part) / part)));
    }
    return line.toString();
  }

  /** Returns the part that is done: of the windows where their number is known, else of tasks. */
  private static double part(Tasks tasks, TaskMetrics.Done done) {
    if (done.expectedWindows() > 0) {
      return Math.min(1, (double) done.windows() / done.expectedWindows());
    }
    return tasks.all() == 0 ? 0 : (double) tasks.ended() / tasks.all();
  }

  private static String words(long seconds) {
    if (seconds < 60) {
      return seconds + "s";
    }
    return seconds < 3600
        ? "%dm%02ds".formatted(seconds / 60, seconds % 60)
        : "%dh%02dm".formatted(seconds / 3600, seconds / 60 % 60);
  }
}
