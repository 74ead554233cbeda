package org.chameleon.embedding;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;
import org.chameleon.storage.Paths;

/** Looks at files that Spark could not read as Parquet, to say which one and why. */
final class SampleFiles {
  private static final String MAGIC = "PAR1";

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
      List<FileStatus> files = files(Paths.of(pattern(path, hadoop)), hadoop);
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

  /** Returns a path as Spark takes it: one that is there is no pattern, whatever its characters. */
  static String pattern(String path, Configuration hadoop) {
    try {
      Path named = Paths.of(path);
      return named.getFileSystem(hadoop).exists(named) ? Paths.literal(path) : path;
    } catch (IOException | IllegalArgumentException e) {
      // Whoever reads it says what is wrong with it.
      return path;
    }
  }

  private static List<FileStatus> files(Path path, Configuration hadoop) throws IOException {
    FileSystem fileSystem = path.getFileSystem(hadoop);
    List<FileStatus> files = new ArrayList<>();
    FileStatus[] found = fileSystem.globStatus(path);
    for (FileStatus status : found == null ? new FileStatus[0] : found) {
      if (status.isFile()) {
        files.add(status);
      } else {
        RemoteIterator<LocatedFileStatus> below = fileSystem.listFiles(status.getPath(), true);
        while (below.hasNext()) {
          FileStatus file = below.next();
          if (!file.getPath().getName().matches("[._].*")) {
            files.add(file);
          }
        }
      }
    }
    return files;
  }

  private static Optional<String> problem(FileStatus file, Configuration hadoop)
      throws IOException {
    if (file.getLen() == 0) {
      return Optional.of("it is empty. Remove it, or write it again.");
    }
    try (FSDataInputStream in = file.getPath().getFileSystem(hadoop).open(file.getPath())) {
      byte[] tail = new byte[(int) Math.min(file.getLen(), TAIL_BYTES)];
      in.readFully(file.getLen() - tail.length, tail);
      String end = new String(tail, StandardCharsets.ISO_8859_1);
      if (!end.endsWith(MAGIC) || tail.length < TAIL_BYTES) {
        return Optional.of(
            "it is no Parquet file, or cut short. Write it again, or leave it out of"
                + " embedding.from.");
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
