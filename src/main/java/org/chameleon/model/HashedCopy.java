package org.chameleon.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.util.functional.FutureIO;

/** A copy on local disk whose SHA-256 is known without reading it again. */
final class HashedCopy {
  private static final int BUFFER = 1 << 20;

  private HashedCopy() {}

  /**
   * Writes a file's content to local disk and returns its hash.
   *
   * @throws IOException if it cannot be read, or has not as many bytes as its status says
   */
  static String of(FileStatus status, FileSystem fileSystem, Path part) throws IOException {
    String sha256;
    try (InputStream in =
            FutureIO.awaitFuture(
                fileSystem
                    .openFile(status.getPath())
                    .opt("fs.option.openfile.read.policy", "whole-file, sequential")
                    .withFileStatus(status)
                    .build());
        OutputStream out = Files.newOutputStream(part)) {
      sha256 = sha256(in, out);
    }
    long bytes = Files.size(part);
    if (bytes != status.getLen()) {
      throw new IOException(
          "%s ended after %d of %d bytes".formatted(status.getPath(), bytes, status.getLen()));
    }
    return sha256;
  }

  /** Copies bytes and returns their hash. */
  private static String sha256(InputStream in, OutputStream out) throws IOException {
    MessageDigest digest = DigestUtils.getSha256Digest();
    byte[] buffer = new byte[BUFFER];
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      out.write(buffer, 0, count);
      digest.update(buffer, 0, count);
    }
    return Hex.encodeHexString(digest.digest());
  }

  /** Returns the hash of a file on local disk. */
  static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return sha256(in, OutputStream.nullOutputStream());
    }
  }
}
