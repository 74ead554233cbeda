package org.chameleon;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;

/** What the files of a run directory are: size, hash and rows of each. */
final class FileInventory {
  /** Rows of a file that ends in .parquet and is none. */
  private static final long UNREADABLE = -1;

  private final FileSystem fileSystem;
  private final Path root;

  FileInventory(FileSystem fileSystem, Path root) {
    this.fileSystem = fileSystem;
    this.root = root;
  }

  /** Returns the file, or all files below the folder, in the order of their paths. */
  List<RunRecord.FileRecord> of(FileStatus start) throws IOException {
    List<RunRecord.FileRecord> files = new ArrayList<>();
    add(start, files);
    files.sort(Comparator.comparing(RunRecord.FileRecord::path));
    return files;
  }

  private void add(FileStatus status, List<RunRecord.FileRecord> files) throws IOException {
    if (status.isDirectory()) {
      for (FileStatus child : fileSystem.listStatus(status.getPath())) {
        add(child, files);
      }
      return;
    }
    String relative =
        status.getPath().toUri().getPath().substring(root.toUri().getPath().length() + 1);
    Long rows = relative.endsWith(".parquet") ? (Long) rows(status.getPath()) : null;
    files.add(new RunRecord.FileRecord(relative, status.getLen(), sha256(status.getPath()), rows));
  }

  private long rows(Path file) {
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(file, fileSystem.getConf()))) {
      return reader.getRecordCount();
    } catch (IOException | RuntimeException e) {
      return UNREADABLE;
    }
  }

  private String sha256(Path file) throws IOException {
    try (InputStream in = fileSystem.open(file)) {
      return DigestUtils.sha256Hex(in);
    }
  }
}
