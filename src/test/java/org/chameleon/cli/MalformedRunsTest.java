package org.chameleon.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Run directories that are broken, each in its way: message and exit code. */
class MalformedRunsTest extends MalformedFixture {
  static Stream<Case> records() {
    String status = "status --run DIR/run";
    String notJson = "run/run.json: it is not the JSON that was written there.";
    String notOurs = "run/run.json: it is not the record of a run of this tool";
    return Stream.of(
        new Case("empty record", write("run/run.json", ""), status, 1, notJson),
        new Case("half a record", cut("run/run.json"), status, 1, notJson),
        new Case("null", write("run/run.json", "null"), status, 1, notOurs),
        new Case("a list", write("run/run.json", "[]"), status, 1, notOurs),
        new Case("no tool", write("run/run.json", "{}"), "verify --run DIR/run", 1, notOurs),
        new Case(
            "another tool",
            write("run/run.json", "{\"tool\": \"other\", \"run\": 7}"),
            "publish --run DIR/run --to DIR",
            1,
            notOurs + ", but of \"other\". Give the directory of a run."),
        new Case(
            "a newer layout",
            edit("run/run.json", "\"schemaVersion\" : 1", "\"schemaVersion\" : 99"),
            status,
            1,
            "wrote it, in a newer layout. Use that version."),
        new Case("an unknown status", stage("mix", "status", "\"tired\""), status, 1, notJson),
        new Case("a status that is a list", stage("mix", "status", "[]"), status, 1, notJson),
        new Case(
            "stages that are a list",
            edit("run/run.json", "\"stages\" : \\{", "\"stages\" : [], \"old\" : {"),
            status,
            1,
            notJson),
        new Case(
            "UTF-16",
            write("run/run.json", "{\"tool\": \"chameleon\"}".getBytes(StandardCharsets.UTF_16)),
            status,
            1,
            notJson),
        new Case("no record", delete("run/run.json"), status, 1, "There is no run in file:"),
        new Case(
            "no record",
            delete("run/run.json"),
            "diff --run DIR/run --run DIR/run",
            1,
            "Cannot compare file:DIR/run: it has no run.json. Give the directory of a run."),
        new Case(
            "a folder as record",
            folder -> {
              Files.delete(folder.resolve("run/run.json"));
              Files.createDirectory(folder.resolve("run/run.json"));
            },
            status,
            1,
            "Cannot read file:DIR/run/run.json: "),
        new Case(
            "a file as run", write("file", "x"), "status --run DIR/file", 1, "There is no run in"),
        new Case(
            "another submission",
            folder -> {},
            status + " --run-id tonight",
            1,
            "not by 'tonight', which ended before it wrote run.json."));
  }

  static Stream<Case> artifacts() {
    String diff = "diff --run DIR/run --run DIR/run";
    String publish = "publish --run DIR/run --to DIR";
    String verify = "verify --run DIR/run";
    return Stream.of(
        new Case("half a mixture", cut("run/mixture.json"), diff, 1, "run/mixture.json: it is not"),
        new Case(
            "an empty mixture",
            write("run/mixture.json", "{}"),
            diff,
            1,
            "mixture.json: it is not"),
        new Case(
            "a mixture of another type",
            write("run/mixture.json", "{\"domains\": \"all\"}"),
            diff,
            1,
            "mixture.json: it is not"),
        new Case(
            "no mixture",
            delete("run/mixture.json"),
            diff,
            1,
            "Cannot compare file:DIR/run: its stage mix has lost its output."),
        new Case(
            "a stale mixture",
            stage("mix", "status", "\"stale\""),
            diff,
            1,
            "its stage mix was not made by its last attempt. Run it again with --resume."),
        new Case(
            "a failed mixture",
            stage("mix", "status", "\"failed\", \"error\" : \"No.\""),
            diff,
            1,
            "its stage mix failed: No."),
        new Case("half a plan", cut("run/plan/manifest.json"), diff, 1, "manifest.json: it is not"),
        new Case(
            "half a plan", cut("run/plan/manifest.json"), publish, 1, "plan/manifest.json has "),
        new Case(
            "no plan",
            delete("run/plan/manifest.json"),
            publish,
            1,
            "plan/manifest.json is missing."),
        new Case(
            "a stale plan",
            stage("plan", "status", "\"stale\""),
            publish,
            1,
            "Cannot publish file:DIR/run: Stage plan has not ended"),
        new Case(
            "a stale plan",
            stage("plan", "status", "\"stale\""),
            "materialize --run DIR/run --output DIR/mixed",
            1,
            "Cannot materialize file:DIR/run: its stage plan was not made by its last attempt."),
        new Case(
            "a changed plan",
            edit("run/plan/manifest.json", "\"tokens\"", "\"TOKENS\""),
            verify,
            1,
            "plan/manifest.json was changed: its SHA-256 is another."),
        new Case("no report", delete("run/report.html"), verify, 1, "report.html is missing."),
        new Case(
            "no documents",
            folder -> {},
            "materialize --run DIR/run --output DIR/mixed",
            1,
            "it was made from embeddings and knows no documents. Run it with a corpus."),
        new Case(
            "half a publication",
            write("latest.json", "{"),
            "diff --published DIR --run DIR/run",
            1,
            "latest.json: it is not the JSON that was written there."),
        new Case(
            "a publication of nothing",
            write("latest.json", "{}"),
            "diff --published DIR --run DIR/run",
            1,
            "latest.json"),
        new Case(
            "a run that is gone",
            write(
                "latest.json",
                "{\"run\": \"gone\", \"manifest\": \"gone\", \"weightsSha256\": \"0\"}"),
            "diff --published DIR --run DIR/run",
            1,
            "gone: it has no run.json."),
        new Case(
            "somebody's folder",
            write("run/run.json", "{\"tool\": \"other\"}"),
            "run --config DIR/run.conf --output DIR/run --overwrite",
            1,
            "it exists and is not a run (its run.json is of another tool, or cannot be read)"),
        new Case(
            "a file as output",
            write("file", "x"),
            "run --config DIR/run.conf --output DIR/file/run",
            1,
            "Cannot write to file:DIR/file/run: "),
        new Case(
            "an input below the output",
            folder -> {},
            "run --config DIR/run.conf --output DIR/run --resume"
                + " --set embedding.from=DIR/run/embedding/samples",
            1,
            "embedding.from is DIR/run/embedding/samples, which lies in it."));
  }

  @ParameterizedTest
  @MethodSource({"records", "artifacts"})
  void whatIsBrokenIsSaidInALine(Case broken) throws IOException {
    check(broken);
  }
}
