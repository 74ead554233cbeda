package org.chameleon.quickstart;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.chameleon.config.InvalidInputException;

/** Unpacks published artifacts into a corpus of one Parquet file per domain. */
public final class QuickStartCorpus {
  private static final StructType SCHEMA =
      new StructType().add("domain", DataTypes.StringType).add("text", DataTypes.StringType);

  private QuickStartCorpus() {}

  /**
   * Unpacks all artifacts.
   *
   * @param arguments the folder of the artifacts, and the folder of the corpus, which appears whole
   */
  public static void main(String[] arguments) throws IOException {
    Path artifacts = Path.of(arguments[0]);
    Path corpus = Path.of(arguments[1]).toAbsolutePath();
    Path draft = corpus.resolveSibling("." + corpus.getFileName() + ".part");
    delete(draft);
    Files.createDirectories(draft);
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[*]")
            .appName("quickstart-corpus")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "localhost")
            .getOrCreate()) {
      for (Artifact artifact : Artifact.ALL) {
        List<Row> rows = rows(artifact, artifacts.resolve(artifact.file()));
        write(spark, rows, draft, artifact.domain());
      }
    }
    delete(corpus);
    Files.move(draft, corpus, StandardCopyOption.ATOMIC_MOVE);
  }

  private static List<Row> rows(Artifact artifact, Path jar) throws IOException {
    requireChecksum(artifact, jar);
    List<Row> rows = new ArrayList<>();
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      List<ZipEntry> entries = new ArrayList<>(Collections.list(zip.entries()).stream().toList());
      entries.removeIf(e -> e.isDirectory() || !artifact.entries().matcher(e.getName()).matches());
      entries.sort(Comparator.comparing(ZipEntry::getName));
      for (ZipEntry entry : entries) {
        try (InputStream in = zip.getInputStream(entry)) {
          String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
          artifact
              .extraction()
              .from(text)
              .forEach(document -> rows.add(RowFactory.create(artifact.domain(), document)));
        }
      }
    }
    return rows;
  }

  private static void requireChecksum(Artifact artifact, Path jar) throws IOException {
    try (InputStream in = Files.newInputStream(jar)) {
      String found = DigestUtils.sha256Hex(in);
      if (!found.equals(artifact.sha256())) {
        throw new InvalidInputException(
            "Cannot use %s: its SHA-256 is %s, not %s. Delete it and fetch it again."
                .formatted(jar, found, artifact.sha256()));
      }
    }
  }

  private static void write(SparkSession spark, List<Row> rows, Path corpus, String domain)
      throws IOException {
    Path folder = corpus.resolve(domain);
    spark
        .createDataFrame(rows, SCHEMA)
        .coalesce(1)
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(folder.toUri().toString());
    try (Stream<Path> files = Files.list(folder)) {
      Path part =
          files
              .filter(f -> f.getFileName().toString().startsWith("part-"))
              .findFirst()
              .orElseThrow();
      Files.move(part, corpus.resolve(domain + ".parquet"));
    }
    delete(folder);
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
