package org.chameleon.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A new file whose size and hash are known when it is closed, without reading it again. */
public final class HashedFile extends OutputStream {
  private final String name;
  private final OutputStream out;
  private final MessageDigest digest = DigestUtils.getSha256Digest();
  private long bytes;
  private String sha256;

  private HashedFile(String name, OutputStream out) {
    this.name = name;
    this.out = out;
  }

  /** Creates the file, or empties it where it is there. */
  public static HashedFile create(Path path, Configuration hadoop) throws IOException {
    return new HashedFile(
        path.getName(), HadoopSettings.fileSystem(path, hadoop).create(path, true));
  }

  /** Writes the content of a file. */
  @FunctionalInterface
  public interface Content {
    /** Writes it. */
    void into(OutputStream out) throws IOException;
  }

  /**
   * Creates a file that is named after its content. Whoever writes the same at the same time, such
   * as another attempt of a task, leaves it as it is.
   *
   * @param name of the file, by the content's SHA-256
   * @return the hash
   */
  public static String named(
      Path folder, UnaryOperator<String> name, Content content, Configuration hadoop)
      throws IOException {
    HashedFile draft = create(new Path(folder, "." + UUID.randomUUID()), hadoop);
    try (draft) {
      content.into(draft);
    }
    FileSystem fileSystem = HadoopSettings.fileSystem(folder, hadoop);
    Path file = new Path(folder, name.apply(draft.sha256));
    Path written = new Path(folder, draft.name);
    if (!fileSystem.rename(written, file) && !fileSystem.exists(file)) {
      throw new IOException("%s cannot be renamed to %s".formatted(written, file));
    }
    return draft.sha256;
  }

  @Override
  public void write(int value) throws IOException {
    out.write(value);
    digest.update((byte) value);
    bytes++;
  }

  @Override
  public void write(byte[] data, int offset, int length) throws IOException {
    out.write(data, offset, length);
    digest.update(data, offset, length);
    bytes += length;
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
    if (sha256 == null) {
      sha256 = Hex.encodeHexString(digest.digest());
    }
  }

  /**
   * Returns what was written, under the file's own name.
   *
   * @param rows of a table, null for other files
   */
  public FileRecord record(Long rows) {
    if (sha256 == null) {
      throw new IllegalStateException(name + " is still being written");
    }
    return new FileRecord(name, bytes, sha256, rows);
  }
}
