package org.chameleon.cli;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Configurations that are broken, each in its way: message and exit code. */
class MalformedConfigurationsTest extends MalformedFixture {
  static Stream<Case> configurations() {
    return Stream.of(
        configuration("unknown key", "mixture.lamda = 1", "Did you mean 'lambda'?"),
        configuration("text for a number", "seed = many", "seed must be a whole number, is 'many'"),
        configuration("half a number", "seed = 1.5", "seed must be a whole number, is '1.5'"),
        configuration("no number", "plan.max-epochs = NaN", "plan.max-epochs must be a number"),
        configuration("out of range", "plan.max-epochs = -1", "plan.max-epochs must be"),
        configuration("large", "sample.window-tokens = 3000000000", "below 2147483648"),
        configuration("wrong choice", "mixture.objective = best", "must be pretrain or finetune"),
        configuration("text for a section", "plan = 3", "plan must be a section"),
        configuration("section for a text", "output { a = b }", "output must be a string"),
        configuration("missing include", "include required(\"none.conf\")", "none.conf"),
        configuration("never closed", "plan {", "run.conf: "),
        configuration("nothing to refer to", "seed = ${nope}", "nope"),
        configuration("an open quote", "report.title = \"abc", "run.conf: "),
        configuration(
            "neither corpus nor embeddings",
            "embedding.from = none",
            "corpus has neither 'path' nor 'domains'; say where the documents are."),
        bytes(
            "UTF-16",
            configuration("").getBytes(StandardCharsets.UTF_16),
            "run.conf is UTF-16 text; save it as UTF-8."),
        bytes(
            "UTF-16 without a mark",
            configuration("").getBytes(StandardCharsets.UTF_16LE),
            "run.conf is UTF-16 text; save it as UTF-8."),
        bytes("gzip", gzip(configuration("")), "run.conf is gzip; give the text itself."),
        bytes(
            "Latin-1",
            configuration("output = Mär").getBytes(Charset.forName("ISO-8859-1")),
            "run.conf is not UTF-8; save it as that."),
        bytes(
            "Parquet",
            "PAR1....".getBytes(StandardCharsets.US_ASCII),
            "run.conf is Parquet; give the text itself."),
        new Case(
            "no file",
            delete("run.conf"),
            "run --config DIR/run.conf",
            2,
            "no configuration file at DIR/run.conf. Correct --config."),
        new Case(
            "a folder",
            folder -> {},
            "run --config DIR/run",
            2,
            "no configuration file at DIR/run. Correct --config."),
        new Case(
            "an unknown store",
            folder -> {},
            "run --config nowhere://a/b.conf",
            1,
            "Cannot read the configuration nowhere://a/b.conf: "),
        new Case(
            "no output",
            folder -> {},
            "run --config DIR/run.conf",
            2,
            "output is not set; add it, or give --output."),
        new Case(
            "half a setting",
            folder -> {},
            "run --config DIR/run.conf --set plan={",
            2,
            "--set plan"));
  }

  private static Case configuration(String what, String more, String message) {
    return new Case(
        what,
        folder -> Files.writeString(folder.resolve("run.conf"), configuration(more)),
        "run --config DIR/run.conf" + (more.startsWith("output") ? "" : " --output DIR/new"),
        2,
        message);
  }

  private static Case bytes(String what, byte[] bytes, String message) {
    return new Case(
        what, write("run.conf", bytes), "run --config DIR/run.conf --output DIR/new", 2, message);
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void whatIsBrokenIsSaidInALine(Case broken) throws IOException {
    check(broken);
  }
}
