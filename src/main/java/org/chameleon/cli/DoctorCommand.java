package org.chameleon.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.chameleon.RunConfig;
import org.chameleon.doctor.Doctor;
import org.chameleon.doctor.ExecutorReport;
import org.chameleon.embedding.EmbeddingConfig;
import org.chameleon.storage.HadoopSettings;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code chameleon doctor}: what every executor can compute with, and what is wrong. */
@Command(
    name = "doctor",
    description = "Run a task on every executor and say what it finds there.",
    footer = {
      "Exits with 1 if something would stop a run or spoil its result.",
      "",
      "Example:",
      "  chameleon doctor --config conf/quickstart.conf"
    })
final class DoctorCommand implements Callable<Integer> {
  private static final long GIBIBYTE = 1L << 30;
  private static final String FIELD = "  %-10s %s%n";

  @Spec private CommandSpec spec;

  @ArgGroup(exclusive = false)
  private RunOptions options;

  @Override
  public Integer call() {
    EmbeddingConfig embedding =
        options == null
            ? RunConfig.defaultEmbedding()
            : options.load(HadoopSettings.ofSubmission()).embedding();
    try (Session session = Session.start()) {
      SparkSession spark = session.spark();
      Doctor.Finding finding = new Doctor(spark, embedding).examine();
      PrintWriter out = spec.commandLine().getOut();
      out.printf(
          "Spark %s, %s, %d executor(s)%n",
          spark.version(), spark.sparkContext().master(), finding.executors().size());
      finding.executors().forEach(report -> print(report, out));
      out.println();
      finding.problems().forEach(problem -> out.println("problem: " + problem));
      if (finding.problems().isEmpty()) {
        out.println("No problem found.");
      }
      out.flush();
      return finding.problems().isEmpty() ? 0 : 1;
    }
  }

  private static void print(ExecutorReport report, PrintWriter out) {
    out.printf("%nexecutor %s on %s%n", report.executor(), report.host());
    boolean computes = !report.precision().isEmpty();
    out.printf(FIELD, "device", computes ? report.device() + " " + report.precision() : "none");
    out.printf(
        FIELD,
        "GPUs",
        "%d usable by the library, %s given to the task"
            .formatted(
                report.gpusOfLibrary(),
                report.gpusOfTask().isEmpty() ? "none" : String.join(", ", report.gpusOfTask())));
    out.printf(FIELD, "library", "PyTorch " + report.pytorch());
    out.printf(FIELD, "processor", report.processor());
    out.printf(
        FIELD, "cores", "%d, %d thread(s) a task".formatted(report.cores(), report.threads()));
    out.printf(
        FIELD,
        "memory",
        String.format(
            Locale.ROOT,
            "heap %.1f GiB, %s beside it",
            (double) report.heapBytes() / GIBIBYTE,
            report.nativeBytes() < 0
                ? "unknown"
                : String.format(
                    Locale.ROOT, "%.1f GiB", (double) report.nativeBytes() / GIBIBYTE)));
    out.printf(FIELD, "versions", "Java %s, Spark %s".formatted(report.java(), report.spark()));
  }
}
