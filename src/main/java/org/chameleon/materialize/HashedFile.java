package org.chameleon.materialize;

import java.io.IOException;
import java.security.MessageDigest;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.chameleon.cluster.HadoopSettings;

/** A new file whose size and hash are known when it is closed, without reading it again. */
final class HashedFile implements OutputFile {
  private final Path path;
  private final Configuration hadoop;
  private final MessageDigest digest = DigestUtils.getSha256Digest();
  private long bytes;

  HashedFile(Path path, Configuration hadoop) {
    this.path = path;
    this.hadoop = hadoop;
  }

  long bytes() {
    return bytes;
  }

  String sha256() {
    return Hex.encodeHexString(digest.digest());
  }

  @Override
  public PositionOutputStream create(long blockSizeHint) throws IOException {
    return createOrOverwrite(blockSizeHint);
  }

  @Override
  public PositionOutputStream createOrOverwrite(long blockSizeHint) throws IOException {
    FSDataOutputStream out = HadoopSettings.fileSystem(path, hadoop).create(path, true);
    return new PositionOutputStream() {
      @Override
      public long getPos() {
        return bytes;
      }

      @Override
      public void write(int b) throws IOException {
        out.write(b);
        digest.update((byte) b);
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
      }
    };
  }

  @Override
  public boolean supportsBlockSize() {
    return false;
  }

  @Override
  public long defaultBlockSize() {
    return 0;
  }
}
