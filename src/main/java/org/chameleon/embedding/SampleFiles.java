package org.chameleon.embedding;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.chameleon.config.FirstBytes;
import org.chameleon.corpus.PathGlob;
import org.chameleon.storage.HadoopSettings;
import org.chameleon.storage.Paths;

/** Looks at files that Spark could not read as Parquet, to say which one and why. */
final class SampleFiles {
  private static final String MAGIC = "PAR1";
  private static final String PARQUET = "Parquet";

  /** The footer's length and the magic bytes stand at the end. */
  private static final int TAIL_BYTES = 8;

  private SampleFiles() {}

  /**
   * Returns what is wrong, as a file and the rest of a sentence about it; empty if no reason is
   * found.
   *
   * @param path of files, a folder, or a pattern
   */
  static Optional<String> problem(String path, Configuration hadoop) {
    try {
      List<FileStatus> files = files(path, hadoop);
      if (files.isEmpty()) {
        return Optional.of(path + ": no file is there. Correct embedding.from.");
      }
      for (FileStatus file : files) {
        Optional<String> problem = problem(file, hadoop);
        if (problem.isPresent()) {
          return problem.map(why -> file.getPath() + ": " + why);
        }
      }
      return Optional.empty();
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  /**
   * Returns the rows of files, a folder or what a pattern fits. What is there is found as a corpus
   * is: a name with a colon or a bracket is a name. Local files are read as they are, without the
   * .crc files beside them, which may be stale.
   */
  static Dataset<Row> table(SparkSession spark, String path) throws IOException {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    Path named = Paths.of(path);
    List<String> found = new ArrayList<>();
    for (PathGlob.Found one : found(named, hadoop)) {
      found.add(one.status().getPath().toString());
    }
    if (found.isEmpty()) {
      throw new FileNotFoundException("no file is there. Correct embedding.from.");
    }
    return spark
        .read()
        .option("__globPaths__", "false")
        .options(HadoopSettings.optionsForSource(named, hadoop))
        .parquet(found.toArray(String[]::new));
  }

  private static List<PathGlob.Found> found(Path path, Configuration hadoop) throws IOException {
    FileSystem fileSystem = HadoopSettings.ofSources(path, hadoop);
    return PathGlob.find(fileSystem, fileSystem.makeQualified(path), hidden -> {});
  }

  private static List<FileStatus> files(String path, Configuration hadoop) throws IOException {
    List<FileStatus> files = new ArrayList<>();
    Path named = Paths.of(path);
    for (PathGlob.Found one : found(named, hadoop)) {
      add(one.status(), HadoopSettings.ofSources(named, hadoop), files);
    }
    return files;
  }

  private static void add(FileStatus status, FileSystem fileSystem, List<FileStatus> files)
      throws IOException {
    if (status.isFile()) {
      files.add(status);
      return;
    }
    FileStatus[] below = fileSystem.listStatus(status.getPath());
    Arrays.sort(below, Comparator.comparing(FileStatus::getPath));
    for (FileStatus child : below) {
      if (!child.getPath().getName().matches("[._].*")) {
        add(child, fileSystem, files);
      }
    }
  }

  private static Optional<String> problem(FileStatus file, Configuration hadoop)
      throws IOException {
    if (file.getLen() == 0) {
      return Optional.of("it is empty. Remove it, or write it again.");
    }
    try (FSDataInputStream in =
        HadoopSettings.ofSources(file.getPath(), hadoop).open(file.getPath())) {
      byte[] tail = new byte[(int) Math.min(file.getLen(), TAIL_BYTES)];
      in.readFully(file.getLen() - tail.length, tail);
      String end = new String(tail, StandardCharsets.ISO_8859_1);
      if (!end.endsWith(MAGIC) || tail.length < TAIL_BYTES) {
        byte[] first = new byte[(int) Math.min(file.getLen(), (long) FirstBytes.COUNT)];
        in.readFully(0, first);
        Optional<String> kind = FirstBytes.kind(first).filter(found -> !found.equals(PARQUET));
        return Optional.of(
            kind.map(found -> "it is " + found + ", not Parquet. Convert it")
                    .orElse("it is no Parquet file, or cut short. Write it again")
                + ", or leave it out of embedding.from.");
      }
      int length = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN).getInt();
      if (length < 0 || length > file.getLen() - TAIL_BYTES) {
        return Optional.of("its footer is damaged. Write it again.");
      }
      byte[] footer = new byte[length];
      in.readFully(file.getLen() - TAIL_BYTES - length, footer);
      return unread(Util.readFileMetaData(new ByteArrayInputStream(footer)).getSchema().iterator());
    }
  }

  /** Returns what is wrong with the types of the columns; the first element is their root. */
  private static Optional<String> unread(Iterator<SchemaElement> schema) {
    schema.next();
    String column = "";
    int within = 0;
    while (schema.hasNext()) {
      SchemaElement element = schema.next();
      if (within == 0) {
        column = element.getName();
        within = 1;
      }
      within += element.getNum_children() - 1;
      String type = unread(element);
      if (!type.isEmpty()) {
        return Optional.of(
            ("column '%s' is %s, which Spark does not read. Cast it to float32; in pyarrow:"
                    + " column.cast(pyarrow.list_(pyarrow.float32())).")
                .formatted(column, type));
      }
    }
    return Optional.empty();
  }

  /** A type that is newer than the reader is one that is given but not known. */
  private static String unread(SchemaElement element) {
    if (!element.isSetLogicalType()) {
      return "";
    }
    LogicalType type = element.getLogicalType();
    String name = type.getSetField() == null ? "" : type.getSetField().toString();
    boolean half =
        element.getType() == Type.FIXED_LEN_BYTE_ARRAY && element.getType_length() == Short.BYTES;
    if (name.equals("FLOAT16") || (name.isEmpty() && half)) {
      return "FLOAT16";
    }
    return name.isEmpty() ? "of a type newer than this Spark's Parquet" : "";
  }
}
