package org.chameleon.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.NullType;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.Util;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.chameleon.config.Failures;
import org.chameleon.config.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parquet as people have it. */
class ParquetCorpusTest {
  @TempDir Path folder;

  /** Writes rows of two columns; a text of null is left out. */
  private Path write(String name, MessageType schema, String[]... rows) throws IOException {
    return ParquetFiles.write(
        folder.resolve(name),
        schema,
        1000,
        rows.length,
        (index, row) -> {
          for (int i = 0; i < rows[index].length; i++) {
            if (rows[index][i] != null) {
              row.append(schema.getFieldName(i), rows[index][i]);
            }
          }
        });
  }

  @Test
  void aFieldInsideStructsCanBeNamed() throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message m { optional group meta { optional binary set (STRING); optional int32 n; }"
                + " optional group body { optional group part { optional binary text (STRING); } } }");
    Path file =
        ParquetFiles.write(
            folder.resolve("nested.parquet"),
            schema,
            1000,
            2,
            (index, row) -> {
              Group meta = row.addGroup("meta").append("set", index == 0 ? "a" : "b");
              if (index == 0) {
                meta.append("n", 1);
                row.addGroup("body").addGroup("part").append("text", "one");
              }
            });
    OneFile named = OneFile.of(file).withColumns("meta.set", "body.part.text", false);
    assertThat(named.skippingBadRows().rows())
        .containsExactly(
            new OneFile.Found("a", 0, "one", false), new OneFile.Found("b", 1, null, false));
    assertThatThrownBy(named::rows).hasMessageContaining("column 'body.part.text' is null");
    assertThatThrownBy(named.withColumns("meta.set", "body.part", false)::rows)
        .hasMessageContaining("column 'body.part' must be a string");
    assertThatThrownBy(named.withColumns("meta.x", "body.part.text", false)::rows)
        .hasMessageContaining("no column 'meta.x', it has [meta, body]");
  }

  @Test
  void aTypeThatIsNewerThanTheLibraryIsInNobodysWay() throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message m { required binary domain (STRING); optional binary text (STRING);"
                + " optional fixed_len_byte_array(2) quality; }");
    Path file = write("x.parquet", schema, new String[] {"a", "one"});
    PatchedFooter.of(file)
        // A union whose field is none that the library knows, as a half-precision float is to it.
        .withSchema(elements -> elements.get(3).setLogicalType(new LogicalType()))
        .write(15);
    assertThat(OneFile.of(file).contents()).containsExactly("one");
  }

  @Test
  void aColumnOfNothingButNullHasBadRows() throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message m { required binary domain (STRING); optional int32 text; }");
    Path file = write("null.parquet", schema, new String[] {"a", null}, new String[] {"a", null});
    assertThatThrownBy(OneFile.of(file)::rows)
        .hasMessageContaining("column 'text' must be a string");
    PatchedFooter.of(file)
        .withSchema(elements -> elements.get(2).setLogicalType(LogicalType.UNKNOWN(new NullType())))
        .write();
    assertThat(OneFile.of(file).skippingBadRows().contents()).containsExactly(null, null);
    assertThatThrownBy(OneFile.of(file)::rows).hasMessageContaining("column 'text' is null");
    assertThat(OneFile.of(file).skippingBadRows().splits().get(0).domainRows())
        .containsEntry("a", 2L);
  }

  @Test
  void aFileWithoutRowsMayHaveAnyColumns() throws IOException {
    MessageType other = MessageTypeParser.parseMessageType("message m { optional int32 x; }");
    assertThat(OneFile.of(write("none.parquet", other)).splits()).isEmpty();
  }

  @Test
  void smallRowGroupsAreReadTogetherAndTheirFooterOnce() throws IOException {
    Path path = ParquetFiles.text(folder.resolve("groups.parquet"), 500, 1);
    OneFile file = OneFile.of(path);
    assertThat(file.splits()).hasSize(1);
    long before = CorpusFixture.bytesRead();
    assertThat(file.contents())
        .containsExactlyElementsOf(IntStream.range(0, 500).mapToObj(i -> "text " + i).toList());
    assertThat(file.splits().get(0).domainRows()).containsEntry("a", 250L).containsEntry("b", 250L);
    assertThat(CorpusFixture.bytesRead() - before).isLessThan(3 * Files.size(path));
  }

  @Test
  void nullAmongTokenIdsIsBad() throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message m { required binary domain (STRING); optional group ids (LIST) {"
                + " repeated group list { optional int32 element; } } }");
    Path path =
        ParquetFiles.write(
            folder.resolve("ids.parquet"),
            schema,
            1000,
            4,
            (kind, row) -> {
              row.append("domain", "a");
              Group ids = kind > 0 ? row.addGroup("ids") : null;
              for (int i = 0; kind > 1 && i < 3; i++) {
                Group element = ids.addGroup("list");
                if (kind == 3 || i != 1) {
                  element.append("element", i + 7);
                }
              }
            });
    OneFile file = OneFile.of(path).withColumns("domain", "ids", true);
    assertThat(file.skippingBadRows().contents()).containsExactly(null, null, null, "[7, 8, 9]");
    assertThatThrownBy(file::rows)
        .hasMessageContaining("row 0 of")
        .hasMessageContaining("null or empty");
    Path first =
        ParquetFiles.write(
            folder.resolve("first.parquet"),
            schema,
            1000,
            1,
            (index, row) -> row.append("domain", "a").addGroup("ids").addGroup("list"));
    assertThatThrownBy(OneFile.of(first).withColumns("domain", "ids", true)::rows)
        .hasMessageContaining("not a token id at 0: null");
  }

  @Test
  void halvesOfSurrogatePairsAreReplaced() throws IOException {
    MessageType binary =
        MessageTypeParser.parseMessageType(
            "message m { required binary domain (STRING); optional binary text; }");
    byte[][] texts = {
      {'x', (byte) 0xED, (byte) 0xA0, (byte) 0xBD, 'y'},
      {(byte) 0xED, (byte) 0xA0, (byte) 0xBD, (byte) 0xED, (byte) 0xB9, (byte) 0x82}
    };
    Path path =
        ParquetFiles.write(
            folder.resolve("half.parquet"),
            binary,
            1000,
            2,
            (index, row) ->
                row.append("domain", "a")
                    .append("text", Binary.fromConstantByteArray(texts[index])));
    assertThat(OneFile.of(path).rows())
        .containsExactly(
            new OneFile.Found("a", 0, "x\uFFFDy", true),
            new OneFile.Found("a", 1, "\uD83D\uDE42", true));
  }

  @Test
  void aCodecThatIsNotAtHandIsNamed() throws IOException {
    Path file = write("b.parquet", ParquetFiles.TEXT, new String[] {"a", "one"});
    PatchedFooter.of(file)
        .withGroups(
            groups ->
                groups
                    .get(0)
                    .getColumns()
                    .forEach(column -> column.getMeta_data().setCodec(CompressionCodec.BROTLI)))
        .write();
    assertThatThrownBy(OneFile.of(file, "a")::rows)
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("b.parquet: column 'text' is compressed with BROTLI")
        .hasMessageContaining("Write it with zstd, or give Spark a library (spark.jars)");
  }

  @Test
  void whatIsNoParquetSaysWhatItIs() throws IOException {
    Path good = write("good.parquet", ParquetFiles.TEXT, new String[] {"a", "one"});
    byte[] bytes = Files.readAllBytes(good);
    assertRefused(
        "cut", Arrays.copyOf(bytes, bytes.length - 30), "it is cut short. Copy it again.");
    assertRefused("empty", new byte[0], "it is not Parquet, as its name says, but empty");
    assertRefused(
        "gzip",
        new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
        "it is not Parquet, as its name says, but gzip");
    assertRefused(
        "json",
        "{\"text\": \"one\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8),
        "it is not Parquet");
    byte[] encrypted = bytes.clone();
    encrypted[bytes.length - 1] = 'E';
    assertRefused("encrypted", encrypted, "it is encrypted");
    byte[] longer = bytes.clone();
    longer[bytes.length - 6] = 100;
    assertRefused("longer", longer, "its footer is damaged");
    byte[] torn = bytes.clone();
    int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(bytes.length - 8);
    Arrays.fill(torn, bytes.length - 8 - length, bytes.length - length, (byte) 0xFF);
    assertRefused("torn", torn, "its footer is damaged");
    PatchedFooter.of(good).withRows(7).write();
    assertRefused("rows", Files.readAllBytes(good), "its footer is damaged");
  }

  private void assertRefused(String name, byte[] bytes, String message) throws IOException {
    OneFile file = OneFile.of(Files.write(folder.resolve(name + ".parquet"), bytes));
    assertThatThrownBy(file::rows)
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(name + ".parquet: " + message)
        .hasMessageNotContaining("Exception");
  }

  @Test
  void aPageThatIsDamagedIsRefused() throws IOException {
    Path file =
        write(
            "page.parquet",
            ParquetFiles.TEXT,
            new String[] {"a", "one"},
            new String[] {"a", "two"});
    byte[] bytes = Files.readAllBytes(file);
    String all = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    bytes[all.indexOf("two")] = 'T';
    Files.write(file, bytes);
    assertThatThrownBy(OneFile.of(file)::rows)
        .hasMessageContaining("page.parquet: column 'text' is damaged at row 0");
  }

  @Test
  void whatPointsBeyondTheFileIsDamagedAndStaysSo() throws IOException {
    Path page = ParquetFiles.text(folder.resolve("page.parquet"), 100, 100);
    endPageBeyondTheFile(page);
    assertDamagedForGood(page, "page.parquet: column 'text' is damaged at row 0");
    Path chunk = ParquetFiles.text(folder.resolve("chunk.parquet"), 100, 100);
    PatchedFooter.of(chunk)
        .withGroups(
            groups -> {
              ColumnMetaData text = groups.get(0).getColumns().get(1).getMeta_data();
              text.setData_page_offset(1 << 20);
              text.unsetDictionary_page_offset();
            })
        .write();
    assertDamagedForGood(chunk, "chunk.parquet: its footer has no place in the file for column");
  }

  /** Makes the first page of the texts say that it has more bytes than the file. */
  private static void endPageBeyondTheFile(Path path) throws IOException {
    byte[] bytes = Files.readAllBytes(path);
    assertThat(bytes).hasSizeLessThan(8000);
    ParquetFooter footer = ParquetFooter.of(OneFile.of(path).file(), new Configuration());
    int at = (int) footer.groups().get(0).getColumns().get(1).getFirstDataPageOffset();
    ByteArrayInputStream in = new ByteArrayInputStream(bytes, at, bytes.length - at);
    PageHeader header = Util.readPageHeader(in);
    int length = bytes.length - at - in.available();
    header.setCompressed_page_size(8000);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Util.writePageHeader(header, out);
    assertThat(out.size()).isEqualTo(length);
    System.arraycopy(out.toByteArray(), 0, bytes, at, length);
    Files.write(path, bytes);
  }

  private static void assertDamagedForGood(Path path, String message) throws IOException {
    assertThatThrownBy(OneFile.of(path)::rows)
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(message)
        .satisfies(e -> assertThat(Failures.mayPass(e)).as("trying again helps").isFalse());
  }
}
