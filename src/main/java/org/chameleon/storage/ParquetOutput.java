package org.chameleon.storage;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageEncodingStats;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/**
 * A Parquet file on its way to a stream, with the footer put in order: Parquet's writer lists a
 * column's encodings in the order of a hash set, which changes from one JVM to the next; here they
 * are sorted, so that equal rows give equal bytes. The end of the file is held back until the
 * footer is known, so nothing is written twice.
 */
final class ParquetOutput implements OutputFile {
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final int TAIL = 8;
  private static final long LEAST_HELD = 1 << 20;

  /** A footer is less than this part of its file, but for small ones. */
  private static final int PART_HELD = 256;

  private final OutputStream out;

  /** Creates a file that is closed with the stream. */
  ParquetOutput(OutputStream out) {
    this.out = out;
  }

  @Override
  public PositionOutputStream create(long blockSizeHint) {
    return createOrOverwrite(blockSizeHint);
  }

  @Override
  public PositionOutputStream createOrOverwrite(long blockSizeHint) {
    return new Held(out);
  }

  @Override
  public boolean supportsBlockSize() {
    return false;
  }

  @Override
  public long defaultBlockSize() {
    return 0;
  }

  /** Holds back what may be the footer. */
  private static final class Held extends PositionOutputStream {
    private final OutputStream out;
    private ByteArrayOutputStream held = new ByteArrayOutputStream();
    private long position;
    private boolean closed;

    Held(OutputStream out) {
      this.out = out;
    }

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] data, int offset, int length) throws IOException {
      held.write(data, offset, length);
      position += length;
      long wanted = LEAST_HELD + position / PART_HELD;
      if (held.size() > 2 * wanted) {
        release((int) (held.size() - wanted));
      }
    }

    private void release(int count) throws IOException {
      byte[] bytes = held.toByteArray();
      out.write(bytes, 0, count);
      held = new ByteArrayOutputStream();
      held.write(bytes, count, bytes.length - count);
    }

    @Override
    public void close() throws IOException {
      if (closed) {
        return;
      }
      closed = true;
      try (out) {
        byte[] bytes = held.toByteArray();
        if (bytes.length >= TAIL) {
          finish(bytes);
        }
      }
    }

    private void finish(byte[] end) throws IOException {
      ByteBuffer tail = ByteBuffer.wrap(end).order(ByteOrder.LITTLE_ENDIAN);
      int length = tail.getInt(end.length - TAIL);
      int start = end.length - TAIL - length;
      if (length <= 0 || start < 0) {
        throw new IOException("the footer of a Parquet file has " + length + " bytes");
      }
      byte[] sorted = sorted(end, start, length);
      out.write(end, 0, start);
      out.write(sorted);
      ByteBuffer size = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
      out.write(size.putInt(sorted.length).array());
      out.write(MAGIC);
    }
  }

  private static byte[] sorted(byte[] bytes, int start, int length) throws IOException {
    FileMetaData metadata = Util.readFileMetaData(new ByteArrayInputStream(bytes, start, length));
    for (RowGroup group : metadata.getRow_groups()) {
      for (ColumnChunk chunk : group.getColumns()) {
        sort(chunk.getMeta_data());
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Util.writeFileMetaData(metadata, out);
    return out.toByteArray();
  }

  private static void sort(ColumnMetaData column) {
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
