package org.chameleon.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.chameleon.config.FirstBytes;

/** What files are by their content. */
final class FileContent {
  private FileContent() {}

  /** Returns what the first bytes of a file say that it is, if they say anything. */
  static Optional<String> kind(FileSystem fileSystem, Path path) throws IOException {
    byte[] first = first(fileSystem, path);
    return FirstBytes.kind(first)
        .or(() -> begins(first) == '[' ? Optional.of("a JSON array") : Optional.empty());
  }

  /** Returns the format of a file, if it is one of a corpus and not compressed. */
  static Optional<FileFormat> format(FileSystem fileSystem, Path path) throws IOException {
    byte[] first = first(fileSystem, path);
    Optional<String> kind = FirstBytes.kind(first);
    if (kind.isPresent()) {
      return kind.get().equals("Parquet") ? Optional.of(FileFormat.PARQUET) : Optional.empty();
    }
    return begins(first) == '{' ? Optional.of(FileFormat.JSON) : Optional.empty();
  }

  /** Returns the first character, behind a byte order mark and spaces; 0 where there is none. */
  private static char begins(byte[] first) {
    int at = 0;
    while (at < first.length && (Character.isWhitespace(first[at]) || first[at] < 0)) {
      at++;
    }
    return at < first.length ? (char) first[at] : 0;
  }

  private static byte[] first(FileSystem fileSystem, Path path) throws IOException {
    try (InputStream in = fileSystem.open(path)) {
      byte[] bytes = new byte[FirstBytes.COUNT];
      return Arrays.copyOf(bytes, in.readNBytes(bytes, 0, bytes.length));
    }
  }
}
