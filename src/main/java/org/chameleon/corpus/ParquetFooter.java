package org.chameleon.corpus;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Util;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.schema.MessageType;
import org.chameleon.config.InvalidInputException;
import org.chameleon.storage.HadoopSettings;

/**
 * The footer of a Parquet file: read once per JVM while the file is in use. Types that are newer
 * than the library stand for their bytes, so that columns that nobody reads are in nobody's way.
 */
final class ParquetFooter {
  private static final int KEPT = 32;
  private static final int TAIL = 8;
  private static final int LEAST = 4 + TAIL;
  private static final int LONGEST = 1 << 29;

  private static final Map<CorpusFile, SoftReference<ParquetFooter>> FOOTERS =
      new LinkedHashMap<>(KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(
            Map.Entry<CorpusFile, SoftReference<ParquetFooter>> eldest) {
          return size() > KEPT;
        }
      };

  private final ParquetMetadata metadata;
  private final Set<String> nullColumns;
  private final long[] firstRows;

  private ParquetFooter(ParquetMetadata metadata, Set<String> nullColumns) {
    this.metadata = metadata;
    this.nullColumns = nullColumns;
    List<BlockMetaData> groups = metadata.getBlocks();
    this.firstRows = new long[groups.size() + 1];
    for (int i = 0; i < groups.size(); i++) {
      firstRows[i + 1] = firstRows[i] + groups.get(i).getRowCount();
    }
  }

  /**
   * Returns the footer of a file.
   *
   * @throws InvalidInputException if it cannot be read, or does not fit the file
   */
  static ParquetFooter of(CorpusFile file, Configuration hadoop) {
    synchronized (FOOTERS) {
      SoftReference<ParquetFooter> kept = FOOTERS.get(file);
      ParquetFooter found = kept == null ? null : kept.get();
      if (found != null) {
        return found;
      }
    }
    ParquetFooter read = read(file, hadoop);
    synchronized (FOOTERS) {
      FOOTERS.put(file, new SoftReference<>(read));
    }
    return read;
  }

  private static ParquetFooter read(CorpusFile file, Configuration hadoop) {
    FileMetaData found;
    try {
      found = parsed(file, bytes(file, hadoop));
    } catch (IOException e) {
      throw file.unreadable(e);
    }
    if (found.isSetEncryption_algorithm()) {
      throw file.refused("it is encrypted. Write it without encryption.");
    }
    try {
      Set<String> nullColumns = withoutUnknownTypes(found.getSchema());
      ParquetMetadata metadata = new ParquetMetadataConverter().fromParquetMetadata(found);
      requireRows(file, found.getNum_rows(), metadata.getBlocks());
      return new ParquetFooter(metadata, nullColumns);
    } catch (InvalidInputException e) {
      throw e;
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      throw damaged(file, e);
    }
  }

  private static byte[] bytes(CorpusFile file, Configuration hadoop) throws IOException {
    Path path = new Path(file.path());
    FileSystem fileSystem = HadoopSettings.ofSources(path, hadoop);
    if (file.bytes() < LEAST) {
      throw notParquet(file, fileSystem, path);
    }
    try (FSDataInputStream in = fileSystem.open(path)) {
      byte[] tail = new byte[TAIL];
      in.readFully(file.bytes() - TAIL, tail);
      String magic = new String(tail, 4, 4, java.nio.charset.StandardCharsets.ISO_8859_1);
      if (magic.equals("PARE")) {
        throw file.refused("it is encrypted. Write it without encryption.");
      }
      if (!magic.equals("PAR1")) {
        throw notParquet(file, fileSystem, path);
      }
      int length = java.nio.ByteBuffer.wrap(tail).order(java.nio.ByteOrder.LITTLE_ENDIAN).getInt();
      if (length <= 0 || length > Math.min(LONGEST, file.bytes() - LEAST)) {
        throw damaged(file, null);
      }
      byte[] bytes = new byte[length];
      in.readFully(file.bytes() - TAIL - length, bytes);
      return bytes;
    }
  }

  private static FileMetaData parsed(CorpusFile file, byte[] bytes) {
    try {
      return Util.readFileMetaData(new ByteArrayInputStream(bytes));
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      // A length that is damaged asks for more than there is memory.
      throw damaged(file, e);
    }
  }

  private static InvalidInputException notParquet(CorpusFile file, FileSystem fileSystem, Path path)
      throws IOException {
    String kind = FileContent.kind(fileSystem, path).orElse("");
    if (kind.equals("Parquet")) {
      return file.refused("it is cut short. Copy it again.");
    }
    return file.refused(
        "it is not Parquet, as its name says%s. Rename, convert or remove it."
            .formatted(file.bytes() == 0 ? ", but empty" : kind.isEmpty() ? "" : ", but " + kind));
  }

  private static InvalidInputException damaged(CorpusFile file, Throwable seen) {
    return file.refused("its footer is damaged. Copy or write it again.", seen);
  }

  /** Removes the types that the library does not know; returns the columns of nothing but null. */
  private static Set<String> withoutUnknownTypes(List<SchemaElement> schema) {
    Set<String> nullColumns = new HashSet<>();
    Iterator<SchemaElement> elements = schema.iterator();
    Deque<String> names = new ArrayDeque<>();
    Deque<Integer> left = new ArrayDeque<>();
    left.push(elements.next().getNum_children());
    while (elements.hasNext() && !left.isEmpty()) {
      SchemaElement element = elements.next();
      names.addLast(element.getName());
      left.push(left.pop() - 1);
      if (element.isSetLogicalType()) {
        if (element.getLogicalType().getSetField() == null) {
          element.unsetLogicalType();
        } else if (element.getLogicalType().isSetUNKNOWN()) {
          nullColumns.add(String.join(".", names));
        }
      }
      left.push(element.getNum_children());
      while (!left.isEmpty() && left.peek() == 0) {
        left.pop();
        names.pollLast();
      }
    }
    return nullColumns;
  }

  private static void requireRows(CorpusFile file, long rows, List<BlockMetaData> groups) {
    long sum = 0;
    for (BlockMetaData group : groups) {
      sum = group.getRowCount() < 0 || sum < 0 ? -1 : sum + group.getRowCount();
    }
    if (sum != rows) {
      throw damaged(file, null);
    }
  }

  ParquetMetadata metadata() {
    return metadata;
  }

  MessageType schema() {
    return metadata.getFileMetaData().getSchema();
  }

  List<BlockMetaData> groups() {
    return metadata.getBlocks();
  }

  /** Returns whether a column, by its path, is of the type that has no value but null. */
  boolean isNull(String[] path) {
    return nullColumns.contains(String.join(".", path));
  }

  /** Returns whether the row group with a row says where the pages of a column are. */
  boolean hasPageIndex(long row, String[] column) {
    ColumnChunkMetaData chunk = chunk(groups().get(groupOf(row)), ColumnPath.get(column));
    return chunk != null && chunk.getOffsetIndexReference() != null;
  }

  /** Returns the chunk of a column in a row group; null if it has none. */
  static ColumnChunkMetaData chunk(BlockMetaData group, ColumnPath path) {
    for (ColumnChunkMetaData chunk : group.getColumns()) {
      if (chunk.getPath().equals(path)) {
        return chunk;
      }
    }
    return null;
  }

  /** Returns a footer of one column that tells of no dictionary, so that none is fetched. */
  ParquetMetadata withoutDictionaries(ColumnPath path) {
    List<BlockMetaData> bare = new ArrayList<>();
    for (BlockMetaData group : groups()) {
      ColumnChunkMetaData chunk = chunk(group, path);
      ColumnChunkMetaData without =
          ColumnChunkMetaData.get(
              path,
              chunk.getPrimitiveType(),
              chunk.getCodec(),
              chunk.getEncodingStats(),
              chunk.getEncodings(),
              chunk.getStatistics(),
              chunk.getFirstDataPageOffset(),
              0,
              chunk.getValueCount(),
              chunk.getTotalSize(),
              chunk.getTotalUncompressedSize());
      without.setOffsetIndexReference(chunk.getOffsetIndexReference());
      without.setRowGroupOrdinal(group.getOrdinal());
      BlockMetaData one = new BlockMetaData();
      one.setRowCount(group.getRowCount());
      one.setTotalByteSize(group.getTotalByteSize());
      one.setOrdinal(group.getOrdinal());
      one.addColumn(without);
      bare.add(one);
    }
    return new ParquetMetadata(metadata.getFileMetaData(), bare);
  }

  long rows() {
    return firstRows[firstRows.length - 1];
  }

  long firstRow(int group) {
    return firstRows[group];
  }

  /** Returns the row group that has a row. */
  int groupOf(long row) {
    int at = Arrays.binarySearch(firstRows, row);
    int group = at < 0 ? -at - 2 : at;
    // Groups without rows begin where the next does.
    while (firstRows[group + 1] <= row) {
      group++;
    }
    return group;
  }
}
