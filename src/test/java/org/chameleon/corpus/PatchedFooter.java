package org.chameleon.corpus;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.NullType;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Util;

/** The footer of a Parquet file, changed into what this library does not write. */
final class PatchedFooter {
  private static final int TAIL = 8;

  private final Path file;
  private final byte[] data;
  private final FileMetaData footer;

  private PatchedFooter(Path file, byte[] data, FileMetaData footer) {
    this.file = file;
    this.data = data;
    this.footer = footer;
  }

  static PatchedFooter of(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(bytes.length - TAIL);
    int start = bytes.length - TAIL - length;
    FileMetaData footer =
        Util.readFileMetaData(
            new ByteArrayInputStream(Arrays.copyOfRange(bytes, start, bytes.length - TAIL)));
    return new PatchedFooter(file, Arrays.copyOf(bytes, start), footer);
  }

  PatchedFooter withSchema(Consumer<List<SchemaElement>> change) {
    change.accept(footer.getSchema());
    return this;
  }

  PatchedFooter withGroups(Consumer<List<RowGroup>> change) {
    change.accept(footer.getRow_groups());
    return this;
  }

  PatchedFooter withRows(long rows) {
    footer.setNum_rows(rows);
    return this;
  }

  void write() throws IOException {
    write(bytes());
  }

  /** Writes it with empty logical types in place, as a field of this number in their unions. */
  void write(int unknownField) throws IOException {
    for (SchemaElement element : footer.getSchema()) {
      if (element.isSetLogicalType() && element.getLogicalType().getSetField() == null) {
        element.setLogicalType(LogicalType.UNKNOWN(new NullType()));
      }
    }
    byte[] bytes = bytes();
    // In Thrift's compact protocol: an empty struct as field 11 of a struct, whose end follows.
    byte[] known = {(byte) 0xBC, 0, 0};
    int at = indexOf(bytes, known);
    bytes[at] = (byte) ((unknownField << 4) | 0x0C);
    write(bytes);
  }

  private static int indexOf(byte[] bytes, byte[] wanted) {
    for (int i = 0; i + wanted.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    throw new IllegalStateException("no such bytes");
  }

  private byte[] bytes() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Util.writeFileMetaData(footer, out);
    return out.toByteArray();
  }

  private void write(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(data);
    out.writeBytes(bytes);
    out.writeBytes(
        ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(bytes.length).array());
    out.writeBytes("PAR1".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    Files.write(file, out.toByteArray());
    // Hadoop left the checksum of the file before.
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
  }
}
