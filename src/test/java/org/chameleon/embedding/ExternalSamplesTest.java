package org.chameleon.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.chameleon.TestSpark;
import org.chameleon.config.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ExternalSamplesTest {
  private static final DataType DOUBLES = DataTypes.createArrayType(DataTypes.DoubleType);
  private static final DataType FLOATS = DataTypes.createArrayType(DataTypes.FloatType);

  @TempDir private Path folder;

  @Test
  void listsAndVectorsOfAnyKindAreTheSameEmbeddings() {
    Path floats = write(FLOATS, new float[] {1, 0, 0.5f}, new float[] {0, 0, 2});
    Path doubles = write(DOUBLES, new double[] {1, 0, 0.5}, new double[] {0, 0, 2});
    Path vectors =
        write(
            SQLDataTypes.VectorType(),
            Vectors.dense(1, new double[] {0, 0.5}),
            Vectors.sparse(3, new int[] {2}, new double[] {2}));
    for (Path path : List.of(floats, doubles, vectors)) {
      ExternalSamples samples = open(path);
      assertThat(samples.count()).isEqualTo(2);
      assertThat(samples.rows().columns()).containsExactly("domain", "window", "embedding");
      assertThat(
              samples.rows().orderBy("window").collectAsList().stream()
                  .map(
                      row -> row.getList(2).stream().map(x -> ((Number) x).doubleValue()).toList()))
          .containsExactly(List.of(0.0, 0.0, 2.0), List.of(1.0, 0.0, 0.5));
      assertThat(DomainEmbeddings.of(DomainStates.of(samples.rows(), 7)).domains().get(0).mean())
          .containsExactly(0.5, 0, 1.25);
    }
  }

  @Test
  void aPathThatIsThereIsNoPattern() throws IOException {
    Path written = write(FLOATS, new float[] {1, 0}, new float[] {0, 2});
    Path named = Files.move(written, folder.resolve("out [1] {a}"));
    assertThat(open(named).count()).isEqualTo(2);
    Files.write(named.resolve("broken.parquet"), new byte[] {1, 2, 3});
    assertThatThrownBy(() -> open(named)).hasMessageContaining("out [1] {a}/broken.parquet: ");
  }

  @ParameterizedTest
  @CsvSource({
    "emb-12:00.parquet, emb-12:00.parquet",
    "emb:v1/x.parquet, emb:v1/*.parquet",
    "out [1] {a}/x.parquet, out [1] {a}/*.parquet"
  })
  void aNameMayHaveAnyCharacter(String name, String path) throws IOException {
    assertThat(copy(name)).exists();
    assertThat(open(folder.resolve(path)).rows().count()).isEqualTo(2);
  }

  @Test
  void aChecksumBesideAFileIsNotItsOwn() throws IOException {
    Path file = copy("x.parquet");
    Files.write(
        folder.resolve(".x.parquet.crc"), new byte[] {'c', 'r', 'c', 0, 0, 0, 2, 0, 1, 2, 3, 4});
    assertThat(open(file).rows().count()).isEqualTo(2);
  }

  /** Writes a file of two embeddings. */
  private Path copy(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    try (Stream<Path> parts = Files.list(write(FLOATS, new float[] {1, 0}, new float[] {0, 2}))) {
      Path part = parts.filter(p -> p.toString().endsWith(".parquet")).findFirst().orElseThrow();
      return Files.copy(part, file);
    }
  }

  static Stream<Arguments> badRows() {
    Double[] withNull = {1.0, null};
    return Stream.of(
        Arguments.of("a", new double[] {1, Double.NaN}, "has a value that is not a number (NaN)"),
        Arguments.of(
            "a", new double[] {1, Double.POSITIVE_INFINITY}, "has a value that is infinite"),
        Arguments.of(
            "a", new double[] {Double.NEGATIVE_INFINITY, 1}, "has a value that is infinite"),
        Arguments.of(
            "a", new double[] {1e300, 1}, "has a value that is infinite, or beyond float32"),
        Arguments.of("a", withNull, "has a value that is null"),
        Arguments.of("a", new double[] {}, "has an embedding without values"),
        Arguments.of("a", null, "has no embedding"),
        Arguments.of(null, new double[] {1, 2}, "has no domain"),
        Arguments.of("a", new double[] {1, 2, 3}, "has 3 values where most have 2"),
        Arguments.of("a", new double[] {1}, "has 1 values where most have 2"));
  }

  @ParameterizedTest
  @MethodSource("badRows")
  void aBadRowIsNamedByFileRowAndDomain(String domain, Object embedding, String message) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      rows.add(RowFactory.create("b", new double[] {i, 1}));
    }
    rows.set(3, RowFactory.create(domain, embedding));
    Path path = write(rows, DOUBLES, "domain", "embedding");
    assertThatThrownBy(() -> open(path).rows())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Cannot use embeddings: row 3 (from 0) of file:" + path + "/part-")
        .hasMessageContaining(
            ".parquet, domain %s, %s".formatted(domain == null ? "null" : "'a'", message))
        .hasMessageEndingWith(". Remove such rows, or make them again.");
  }

  @Test
  void aVectorThatIsMissingOrNotFiniteIsNamedToo() {
    Path none = write(SQLDataTypes.VectorType(), Vectors.dense(1, new double[] {2}), null);
    assertThatThrownBy(() -> open(none).rows()).hasMessageContaining("row 1 (from 0) of file:");
    Path infinite =
        write(
            SQLDataTypes.VectorType(),
            Vectors.sparse(2, new int[] {1}, new double[] {Double.NaN}),
            Vectors.dense(1, new double[] {2}));
    assertThatThrownBy(() -> open(infinite).rows()).hasMessageContaining("row 0 (from 0) of file:");
  }

  @Test
  void columnsThatDifferInCaseAreToldApart() {
    List<Row> rows = List.of(RowFactory.create("a", new double[] {1}));
    Path path = write(rows, DOUBLES, "Domain", "EMBEDDING");
    assertThatThrownBy(() -> open(path))
        .hasMessage(
            ("Cannot read embeddings from %s: it needs columns domain and embedding in lower case,"
                    + " it has [Domain, EMBEDDING]. Rename Domain and EMBEDDING.")
                .formatted(path));
    Path other = write(rows, DOUBLES, "domain", "vector");
    assertThatThrownBy(() -> open(other)).hasMessageContaining("it has [domain, vector]. Rename");
  }

  @Test
  void otherTypesAreNamed() {
    Path path =
        write(DataTypes.createArrayType(DataTypes.IntegerType), new int[] {1}, new int[] {2});
    assertThatThrownBy(() -> open(path))
        .hasMessageContaining("embedding a list of float or double, they are")
        .hasMessageContaining("ARRAY<INT>");
  }

  @Test
  void halfFloatsAreRefusedWithFileColumnAndCast() throws IOException {
    Path file = folder.resolve("half.parquet");
    HalfFloatFile.write(file, (short) 0x3C00, (short) 0xC000);
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            ("Cannot read embeddings from file:%s: column 'embedding' is FLOAT16, which Spark does"
                    + " not read. Cast it to float32; in pyarrow:"
                    + " column.cast(pyarrow.list_(pyarrow.float32())).")
                .formatted(file));
  }

  @Test
  void whatIsNoParquetIsNamed() throws IOException {
    Path text = Files.writeString(folder.resolve("notes.parquet"), "domain,embedding\na,1\n");
    assertThatThrownBy(() -> open(text))
        .hasMessageContaining("file:" + text + ": it is no Parquet file, or cut short.");
    Path gzip = folder.resolve("gzip.parquet");
    Files.write(gzip, new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0});
    assertThatThrownBy(() -> open(gzip))
        .hasMessageContaining("file:" + gzip + ": it is gzip, not Parquet. Convert it, or leave");
    Path empty = Files.createFile(folder.resolve("empty.parquet"));
    assertThatThrownBy(() -> open(empty)).hasMessageContaining("file:" + empty + ": it is empty.");
    assertThatThrownBy(() -> open(folder.resolve("none")))
        .hasMessageContaining(folder + "/none: no file is there. Correct embedding.from.");
    assertThatThrownBy(() -> open(Files.createDirectory(folder.resolve("nothing"))))
        .hasMessageContaining("no file is there.");
  }

  @Test
  void filesWithoutRowsAreRefused() {
    Path path = write(List.of(), DOUBLES, "domain", "embedding");
    assertThatThrownBy(() -> open(path).rows()).hasMessageContaining("its files have no rows.");
  }

  private ExternalSamples open(Path path) {
    return ExternalSamples.open(TestSpark.session(), path.toString());
  }

  private Path write(DataType type, Object... embeddings) {
    List<Row> rows = new ArrayList<>();
    for (Object embedding : embeddings) {
      rows.add(RowFactory.create("a", embedding));
    }
    return write(rows, type, "domain", "embedding");
  }

  private Path write(List<Row> rows, DataType type, String domain, String embedding) {
    Path path = folder.resolve("table-" + folder.toFile().list().length);
    StructType schema = new StructType().add(domain, DataTypes.StringType).add(embedding, type);
    TestSpark.session().createDataFrame(rows, schema).coalesce(1).write().parquet(path.toString());
    return path;
  }
}
