package org.chameleon.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.chameleon.config.Failures;
import org.chameleon.config.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON lines as people have them. */
class JsonLinesTest {
  private static final String ONE = "{\"domain\": \"a\", \"text\": \"one\"}";
  private static final String TWO = "{\"domain\": \"b\", \"text\": \"two\"}";

  @TempDir Path folder;

  private OneFile file(String text) throws IOException {
    return file("x.jsonl", text.getBytes(StandardCharsets.UTF_8));
  }

  private OneFile file(String name, byte[] bytes) throws IOException {
    return OneFile.of(Files.write(folder.resolve(name), bytes));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t ", "\r", "\r\n", "\n\n", "\r\r"})
  void objectsAreRowsWhateverStandsBetweenThem(String between) throws IOException {
    OneFile file = file(ONE + between + TWO + between);
    assertThat(file.contents()).containsExactly("one", "two");
    assertThat(file.splits()).hasSize(1);
    assertThat(file.splits().get(0).domainRows())
        .containsExactly(java.util.Map.entry("a", 1L), java.util.Map.entry("b", 1L));
    Path alone = folder.resolve("x.jsonl");
    assertThat(OneFile.of(alone, "mine").splits().get(0).rows()).isEqualTo(2);
    assertThat(OneFile.of(alone, "mine").contents()).containsExactly("one", "two");
  }

  @Test
  void aBraceInATextBeginsNoObject() throws IOException {
    OneFile file = file("{\"domain\": \"a\", \"text\": \"if (x) { } { y }{\"}\n" + TWO);
    assertThat(file.contents()).containsExactly("if (x) { } { y }{", "two");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NaN",
        "Infinity",
        "-Infinity",
        "[1, NaN, {\"text\": \"inner\"}]",
        "1e999999",
        "{\"domain\": \"inner\", \"deep\": {\"text\": \"deeper\"}}"
      })
  void whatNobodyAskedForIsPassedOver(String value) throws IOException {
    OneFile file = file("{\"score\": " + value + ", \"domain\": \"a\", \"text\": \"one\"}");
    assertThat(file.contents()).containsExactly("one");
  }

  @Test
  void depthLengthAndDigitsHaveNoLimit() throws IOException {
    String deep = "[".repeat(200_000) + "]".repeat(200_000);
    String text = "w ".repeat(10_500_000);
    String name = "k".repeat(60_000);
    OneFile file =
        file(
            "{\"deep\": "
                + deep
                + ", \"n\": "
                + "9".repeat(5000)
                + ", \""
                + name
                + "\": 1, \"domain\": \"a\", \"text\": \""
                + text
                + "\"}\n"
                + TWO);
    assertThat(file.rows()).extracting(OneFile.Found::domain).containsExactly("a", "b");
    assertThat(file.contents().get(0)).hasSize(21_000_000);
  }

  @Test
  void aByteOrderMarkIsPassedOver() throws IOException {
    assertThat(file("\uFEFF" + ONE + "\n" + TWO).contents()).containsExactly("one", "two");
  }

  @Test
  void aFieldInsideObjectsCanBeNamed() throws IOException {
    String nested =
        "{\"meta\": {\"set\": {\"name\": \"a\"}, \"x\": 1}, \"body\": {\"text\": \"one\"}}";
    String flat =
        "{\"meta.set.name\": \"b\", \"body.text\": \"two\", \"meta\": {\"set\": {\"name\": \"no\"}}}";
    OneFile file = file(nested + "\n" + flat).withColumns("meta.set.name", "body.text", false);
    assertThat(file.rows()).extracting(OneFile.Found::domain).containsExactly("a", "b");
    assertThat(file.contents()).containsExactly("one", "two");
  }

  @Test
  void theLastOfTwoFieldsCounts() throws IOException {
    OneFile file = file("{\"text\": \"first\", \"domain\": \"a\", \"text\": \"last\"}");
    assertThat(file.contents()).containsExactly("last");
  }

  @Test
  void halvesOfSurrogatePairsAreReplacedOnce() throws IOException {
    OneFile file =
        file(
            "{\"domain\": \"a\", \"text\": \"\\ud83d alone \\udc00\\ud800 \\ud83d\\ude42\"}\n"
                + TWO);
    assertThat(file.rows())
        .containsExactly(
            new OneFile.Found("a", 0, "\uFFFD alone \uFFFD\uFFFD \uD83D\uDE42", true),
            new OneFile.Found("b", 1, "two", false));
    ByteArrayOutputStream raw = new ByteArrayOutputStream();
    raw.writeBytes("{\"domain\": \"a\", \"text\": \"".getBytes(StandardCharsets.UTF_8));
    raw.writeBytes(new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0xBD, 'x'});
    raw.writeBytes("\"}".getBytes(StandardCharsets.UTF_8));
    assertThat(file("raw.jsonl", raw.toByteArray()).rows())
        .containsExactly(new OneFile.Found("a", 0, "\uFFFDx", true));
  }

  @Test
  void badRowsAreSkippedAndStayRows() throws IOException {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (String line :
        List.of(
            "{\"domain\": \"a\"}",
            ONE,
            "{\"domain\": \"a\", \"text\": null}",
            "{\"domain\": \"a\", \"text\": \"\"}",
            "{\"domain\": \"a\", \"text\": 5}",
            "{\"domain\": \"a\", \"text\": [\"x\"]}",
            "{\"text\": \"nobody\"}",
            "{\"domain\": null, \"text\": \"nobody\"}",
            "{\"domain\": 7, \"text\": \"nobody\"}",
            "{\"domain\": \"a\", \"te",
            "[1, 2]",
            TWO + " behind",
            ONE + "{\"domain\": \"b\", ")) {
      lines.writeBytes((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
    lines.writeBytes(
        "{\"domain\": \"a\", \"text\": \"caf\u00e9\"}\n".getBytes(StandardCharsets.ISO_8859_1));
    lines.writeBytes(
        "{\"domain\": \"caf\u00e9\", \"text\": \"x\"}\n".getBytes(StandardCharsets.ISO_8859_1));
    OneFile file = file("x.jsonl", lines.toByteArray()).skippingBadRows();
    List<OneFile.Found> rows = file.rows();
    assertThat(rows).hasSize(16);
    assertThat(rows.stream().filter(row -> row.content() != null))
        .extracting(OneFile.Found::row)
        .containsExactly(1L, 12L);
    CorpusSplit split = file.splits().get(0);
    assertThat(split.rows()).isEqualTo(16);
    assertThat(split.domainRows()).containsOnlyKeys("a").containsEntry("a", 8L);
    assertThat(split.rowsWithoutDomain()).isEqualTo(8);
  }

  @Test
  void aFileMayLackAColumnWhereBadRowsAreSkippedAndSaysSo() throws IOException {
    OneFile file = file(ONE + "\n" + TWO).skippingBadRows();
    CorpusSplit withoutText = file.withColumns("domain", "body", false).splits().get(0);
    assertThat(withoutText.hasContent()).isFalse();
    assertThat(withoutText.domainRows()).containsOnlyKeys("a", "b");
    CorpusSplit withoutDomain = file.withColumns("source", "text", false).splits().get(0);
    assertThat(withoutDomain.hasContent()).isTrue();
    assertThat(withoutDomain.rowsWithoutDomain()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"domain\": \"a\", \"text\": \"x\"} 5 | row 0 of .* something stands behind its object",
        "{\"domain\": \"a\", | row 0 of .* it ends inside a JSON object: each must stand on one line",
        "{\"domain\": \"a\", \"text\": \"x\"}, | row 0 of .* something stands behind its object",
        "[{\"domain\": \"a\", \"text\": \"x\"}] | it is a JSON array, not JSON lines",
        "'a' | row 0 of .* it is not JSON",
        "{\"domain\": \"a\", \"text\": 5} | column 'text' must be a string, is number",
        "{\"domain\": {\"x\": 1}, \"text\": \"x\"} | column 'domain' must be a string, is object",
        "{\"domain\": \"\", \"text\": \"x\"} | column 'domain' is empty",
        "<html><body> | it is HTML or XML, not JSON lines",
        "version https://git-lfs.github.com/spec/v1 | it is a Git LFS pointer"
      })
  void whatIsNoRowIsRefused(String text, String message) throws IOException {
    OneFile file = file(text);
    assertThatThrownBy(file::rows)
        .isInstanceOf(InvalidInputException.class)
        .hasMessageMatching("(?s).*" + message + ".*")
        .hasMessageNotContaining("Exception")
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32"})
  void anotherEncodingIsNamed(String charset) throws IOException {
    OneFile file = file("x.jsonl", ONE.getBytes(charset));
    assertThatThrownBy(file::rows)
        .hasMessageContaining("it is UTF-")
        .hasMessageContaining("Convert it to UTF-8");
  }

  @Test
  void theDescriptionOfADatasetIsExplained() throws IOException {
    OneFile file =
        file("dataset_infos.json", "{\"default\": {\"x\": 1}}".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(file::splits)
        .hasMessageContaining("dataset_infos.json: no column")
        .hasMessageContaining("description of data: name the data with a glob, such as file://")
        .hasMessageContaining("/*.parquet.");
  }

  @Test
  void tokenIdsAreWholeNumbers() throws IOException {
    OneFile good =
        file("{\"domain\": \"a\", \"ids\": [1, 2147483647]}").withColumns("domain", "ids", true);
    assertThat(good.contents()).containsExactly("[1, 2147483647]");
    for (String wrong : List.of("null", "-1", "2147483648", "99999999999999999999")) {
      OneFile file =
          file("{\"domain\": \"a\", \"ids\": [1, " + wrong + ", 3]}")
              .withColumns("domain", "ids", true);
      assertThatThrownBy(file::rows).hasMessageContaining(wrong);
      assertThat(file.skippingBadRows().contents()).containsExactly((String) null);
    }
  }

  @Test
  void compressionIsSeenInTheBytes() throws IOException {
    assertThatThrownBy(() -> file("a.jsonl", gzip(ONE)).rows())
        .hasMessageContaining("it is gzip, not JSON lines. Give its name the ending .gz.");
    assertThatThrownBy(() -> file("a.jsonl.gz", ONE.getBytes(StandardCharsets.UTF_8)).rows())
        .hasMessageContaining("it is not gzip, as its name says");
    assertThat(file("A.JSONL.GZ", gzip(ONE)).contents()).containsExactly("one");
    byte[] whole = gzip(ONE + "\n" + TWO.repeat(1000));
    assertThatThrownBy(() -> file("cut.jsonl.gz", Arrays.copyOf(whole, whole.length - 20)).rows())
        .hasMessageContaining("it is damaged or cut short after row")
        .satisfies(e -> assertThat(Failures.mayPass(e)).as("trying again helps").isFalse());
  }

  @Test
  void membersOfGzipAreReadToTheLastWhereverTheyEnd() throws IOException {
    Random random = new Random(1);
    for (int end : new int[] {0, 1, 7, 26, 27, 1000}) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      StringBuilder first = new StringBuilder();
      while (bytes.size() < (1 << 20) - end) {
        bytes.reset();
        first.append("{\"domain\": \"a\", \"text\": \"");
        for (int i = 0; i < 40_000; i++) {
          first.append((char) ('a' + random.nextInt(26)));
        }
        first.append("\"}\n");
        bytes.writeBytes(gzip(first.toString()));
      }
      bytes.writeBytes(gzip(TWO));
      List<String> found = file("m.jsonl.gz", bytes.toByteArray()).contents();
      assertThat(found.get(found.size() - 1)).isEqualTo("two");
    }
  }

  @Test
  void theWindowOfZstandardIsBoundedByAKey() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZstdOutputStream out = new ZstdOutputStream(bytes)) {
      out.setLong(27);
      out.write(ONE.getBytes(StandardCharsets.UTF_8));
      out.flush(); // the size of the content is then not known, and the window is declared
      out.write('\n');
    }
    OneFile file = file("long.jsonl.zst", bytes.toByteArray());
    assertThat(file.contents()).containsExactly("one");
    assertThatThrownBy(file.withZstdWindowLog(25)::rows)
        .hasMessageContaining("long.jsonl.zst: it was compressed with a window of more than 2^25")
        .hasMessageContaining("Raise corpus.zstd-window-log");
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
