package org.chameleon;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageEncodingStats;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;

/**
 * The end of a Parquet file. The writer lists a column's encodings in the order of a hash set,
 * which changes from one JVM to the next; here they are sorted, so that equal rows give equal
 * bytes.
 */
final class ParquetFooter {
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final int TAIL = 8;
  private static final int BUFFER = 1 << 16;

  private ParquetFooter() {}

  /** Moves a file, with the encodings in its footer sorted. */
  static void moveSorted(FileSystem fileSystem, FileStatus from, Path to) throws IOException {
    try (FSDataInputStream in = fileSystem.open(from.getPath());
        OutputStream out = fileSystem.create(to, true)) {
      byte[] tail = new byte[TAIL];
      in.readFully(from.getLen() - TAIL, tail);
      int length = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN).getInt();
      long body = from.getLen() - TAIL - length;
      byte[] footer = new byte[length];
      in.readFully(body, footer);
      copy(in, out, body);
      byte[] sorted = sorted(footer);
      out.write(sorted);
      out.write(
          ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(sorted.length).array());
      out.write(MAGIC);
    }
    fileSystem.delete(from.getPath(), false);
  }

  private static void copy(FSDataInputStream in, OutputStream out, long bytes) throws IOException {
    byte[] buffer = new byte[BUFFER];
    in.seek(0);
    for (long left = bytes; left > 0; ) {
      int n = in.read(buffer, 0, (int) Math.min(left, BUFFER));
      if (n < 0) {
        throw new EOFException("a Parquet file was cut short while it was moved");
      }
      out.write(buffer, 0, n);
      left -= n;
    }
  }

  private static byte[] sorted(byte[] footer) throws IOException {
    FileMetaData metadata = Util.readFileMetaData(new ByteArrayInputStream(footer));
    for (RowGroup group : metadata.getRow_groups()) {
      for (ColumnChunk chunk : group.getColumns()) {
        ColumnMetaData column = chunk.getMeta_data();
        column.getEncodings().sort(Comparator.comparing(Encoding::getValue));
        if (column.isSetEncoding_stats()) {
          column
              .getEncoding_stats()
              .sort(
                  Comparator.comparing((PageEncodingStats s) -> s.getPage_type().getValue())
                      .thenComparing(s -> s.getEncoding().getValue()));
        }
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Util.writeFileMetaData(metadata, out);
    return out.toByteArray();
  }
}
