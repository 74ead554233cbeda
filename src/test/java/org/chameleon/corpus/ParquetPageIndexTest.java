package org.chameleon.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.format.OffsetIndex;
import org.apache.parquet.format.PageLocation;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.internal.hadoop.metadata.IndexReference;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.chameleon.config.Failures;
import org.chameleon.config.InvalidInputException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Page indexes that lie: a row that is read by page is the right one, or the file is refused. */
class ParquetPageIndexTest {
  private static final String TEXT = "text";
  private static final String IDS = "ids";
  private static final int ROWS = 600;
  private static final int FILES = 600;
  private static final LongPredicate DRAWN = ParquetPageIndexTest::isDrawn;

  /** A page, whose first row is so small that its neighbours' take one byte too. */
  private static final int PAGE = 5;

  private static final int FIRST = PAGE * ParquetFiles.ROWS_OF_PAGE;

  @TempDir Path folder;

  private static boolean isDrawn(long row) {
    return row % 23 == 0;
  }

  static Stream<Arguments> files() {
    return Stream.of(TEXT, IDS)
        .flatMap(column -> Arrays.stream(WriterVersion.values()).map(v -> Arguments.of(column, v)));
  }

  private Path write(String column, WriterVersion version) throws IOException {
    return write(column, version, CompressionCodecName.SNAPPY);
  }

  private Path write(String column, WriterVersion version, CompressionCodecName codec)
      throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            column.equals(TEXT)
                ? "message m { required binary text (STRING); }"
                : "message m { optional group ids (LIST) {"
                    + " repeated group list { optional int32 element; } } }");
    return ParquetFiles.paged(
        folder.resolve(column + ".parquet"),
        schema,
        version,
        codec,
        ROWS,
        (i, row) -> {
          if (column.equals(TEXT)) {
            row.append(TEXT, content(TEXT, i));
          } else {
            Group ids = row.addGroup(IDS);
            ids(i).forEach(id -> ids.addGroup("list").append("element", id));
          }
        });
  }

  /** One to four ids that no other row has. */
  private static IntStream ids(int row) {
    return IntStream.rangeClosed(10 * row, 10 * row + row % 4);
  }

  private static String content(String column, long row) {
    return column.equals(TEXT) ? "text " + row : Arrays.toString(ids((int) row).toArray());
  }

  private static OneFile open(Path path, String column) throws IOException {
    return OneFile.of(path, "a").withColumns("domain", column, column.equals(IDS));
  }

  private static List<OneFile.Found> expected(String column, LongPredicate drawn) {
    return LongStream.range(0, ROWS)
        .filter(drawn)
        .mapToObj(row -> new OneFile.Found("a", row, content(column, row), false))
        .toList();
  }

  private static void assertRead(Path path, String column, LongPredicate drawn) throws IOException {
    assertThat(open(path, column).drawn(drawn)).isEqualTo(expected(column, drawn));
  }

  private static void assertRefused(Path path, String column, long row) throws IOException {
    OneFile file = open(path, column);
    assertThatThrownBy(() -> file.drawn(n -> n == row))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("%s.parquet: column '%s' is damaged at row %d", column, column, row)
        .satisfies(e -> assertThat(Failures.mayPass(e)).as("trying again helps").isFalse());
  }

  private static List<IndexReference> indexes(Path path, String column) throws IOException {
    return ParquetFooter.of(open(path, column).file(), new Configuration()).groups().stream()
        .map(group -> group.getColumns().get(0).getOffsetIndexReference())
        .toList();
  }

  @ParameterizedTest
  @EnumSource(
      value = CompressionCodecName.class,
      names = {"UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD"})
  void pagesOfEveryCodecAreRead(CompressionCodecName codec) throws IOException {
    for (String column : List.of(TEXT, IDS)) {
      assertRead(write(column, WriterVersion.PARQUET_1_0, codec), column, DRAWN);
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void noDamageLeadsToAnotherRow(String column, WriterVersion version) throws IOException {
    Path path = write(column, version);
    assertRead(path, column, DRAWN);
    List<OneFile.Found> expected = expected(column, DRAWN);
    List<IndexReference> indexes = indexes(path, column);
    byte[] good = Files.readAllBytes(path);
    int read = 0;
    for (int seed = 0; seed < FILES; seed++) {
      Random random = new Random(seed);
      Files.write(path, damaged(good, indexes.get(random.nextInt(indexes.size())), random));
      try {
        assertThat(open(path, column).drawn(DRAWN)).as("seed %d", seed).isEqualTo(expected);
        read++;
      } catch (InvalidInputException e) {
        assertThat(e)
            .as("seed %d", seed)
            .hasMessageContaining("%s.parquet: column '%s' is damaged at row", column, column);
      }
    }
    assertThat(read).isGreaterThan(FILES / 2);
  }

  /** Changes a bit, a byte, or bytes in a row that are not of two pages' first rows. */
  private static byte[] damaged(byte[] good, IndexReference index, Random random) {
    byte[] bytes = good.clone();
    int start = (int) index.getOffset();
    int end = start + index.getLength();
    int at = start + random.nextInt(index.getLength());
    switch (random.nextInt(3)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[at] = (byte) random.nextInt(256);
      default -> Arrays.fill(bytes, at, Math.min(end, at + 6), (byte) random.nextInt(256));
    }
    return bytes;
  }

  @ParameterizedTest
  @MethodSource("files")
  void aPageThatBeginsElsewhereIsRefusedAndTheOthersAreRead(String column, WriterVersion version)
      throws IOException {
    Path path = write(column, version);
    change(path, column, pages -> pages.get(PAGE).setFirst_row_index(FIRST + 1));
    int rowsOfPage = ParquetFiles.ROWS_OF_PAGE;
    assertRead(
        path,
        column,
        row -> row < FIRST - rowsOfPage || (row >= FIRST + rowsOfPage && DRAWN.test(row)));
    for (int row : new int[] {FIRST - rowsOfPage, FIRST - 1, FIRST, FIRST + 1, FIRST + 9}) {
      assertRefused(path, column, row);
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void pagesOutOfOrderAreReadWithoutTheIndex(String column, WriterVersion version)
      throws IOException {
    Path path = write(column, version);
    change(
        path,
        column,
        pages -> pages.get(PAGE).setFirst_row_index(pages.get(PAGE - 1).getFirst_row_index()));
    assertRead(path, column, row -> row == FIRST - 5 || row == FIRST + 2);
  }

  @ParameterizedTest
  @MethodSource("files")
  void pagesInEachOthersPlaceAreReadWithoutTheIndex(String column, WriterVersion version)
      throws IOException {
    Path path = write(column, version);
    change(
        path,
        column,
        pages -> {
          PageLocation one = pages.get(PAGE);
          PageLocation other = pages.get(PAGE + 1);
          long first = one.getFirst_row_index();
          one.setFirst_row_index(other.getFirst_row_index());
          other.setFirst_row_index(first);
          pages.set(PAGE, other);
          pages.set(PAGE + 1, one);
        });
    assertRead(path, column, row -> row == FIRST + 2);
    assertRead(path, column, row -> row == FIRST + 15);
  }

  /** Changes the places of the first row group's pages; the index stays as long as it is. */
  private static void change(Path path, String column, Consumer<List<PageLocation>> change)
      throws IOException {
    IndexReference place = indexes(path, column).get(0);
    byte[] bytes = Files.readAllBytes(path);
    int at = (int) place.getOffset();
    OffsetIndex index =
        Util.readOffsetIndex(new ByteArrayInputStream(bytes, at, place.getLength()));
    assertThat(index.getPage_locations().get(PAGE).getFirst_row_index()).isEqualTo(FIRST);
    change.accept(index.getPage_locations());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Util.writeOffsetIndex(index, out);
    assertThat(out.size()).isEqualTo(place.getLength());
    System.arraycopy(out.toByteArray(), 0, bytes, at, out.size());
    Files.write(path, bytes);
  }

  @ParameterizedTest
  @MethodSource("files")
  void anIndexBeyondTheFileIsNone(String column, WriterVersion version) throws IOException {
    Path path = write(column, version);
    PatchedFooter.of(path)
        .withGroups(
            groups ->
                groups.forEach(group -> group.getColumns().get(0).setOffset_index_offset(1L << 40)))
        .write();
    assertRead(path, column, DRAWN);
  }
}
