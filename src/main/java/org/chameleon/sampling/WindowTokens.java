package org.chameleon.sampling;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.apache.spark.SparkEnv;

/**
 * The tokens of windows that a task keeps: in memory as long as they are few, behind that in a file
 * among those of Spark, which is gone when this is closed.
 */
final class WindowTokens implements AutoCloseable {
  /** Tokens in memory, at most. */
  private static final int IN_MEMORY = 4 << 20;

  private static final int FIRST = 1 << 12;
  private static final int WRITTEN_AT_ONCE = 1 << 16;

  private final int most;
  private int[] memory = new int[FIRST];
  private long count;
  private FileChannel file;
  private ByteBuffer unwritten;
  private long written;

  WindowTokens() {
    this(IN_MEMORY);
  }

  WindowTokens(int most) {
    this.most = most;
  }

  /** Takes tokens, and returns their place. */
  long add(int[] ids, int from, int length) {
    long at = count;
    if (count + length <= most) {
      int end = (int) count + length;
      if (end > memory.length) {
        memory = Arrays.copyOf(memory, Math.max(end, Math.min(most, 2 * memory.length)));
      }
      System.arraycopy(ids, from, memory, (int) count, length);
      count = end;
      return at;
    }
    // What does not fit any more begins in the file.
    count = Math.max(count, most);
    at = count;
    write(ids, from, length);
    count += length;
    return at;
  }

  private void write(int[] ids, int from, int length) {
    try {
      if (file == null) {
        file =
            FileChannel.open(
                place().toPath(),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
        unwritten = ByteBuffer.allocate(WRITTEN_AT_ONCE);
      }
      for (int i = from; i < from + length; i++) {
        if (!unwritten.hasRemaining()) {
          flush();
        }
        unwritten.putInt(ids[i]);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static File place() throws IOException {
    SparkEnv spark = SparkEnv.get();
    return spark == null
        ? File.createTempFile("windows", null)
        : spark.blockManager().diskBlockManager().createTempLocalBlock()._2;
  }

  private void flush() throws IOException {
    unwritten.flip();
    while (unwritten.hasRemaining()) {
      written += file.write(unwritten, written);
    }
    unwritten.clear();
  }

  /** Returns tokens at a place. */
  int[] get(long at, int length) {
    if (at < most) {
      return Arrays.copyOfRange(memory, (int) at, (int) at + length);
    }
    try {
      flush();
      ByteBuffer bytes = ByteBuffer.allocate(length * Integer.BYTES);
      long from = (at - most) * Integer.BYTES;
      while (bytes.hasRemaining()) {
        if (file.read(bytes, from + bytes.position()) < 0) {
          throw new IOException("the file of windows ends early");
        }
      }
      int[] ids = new int[length];
      bytes.flip().asIntBuffer().get(ids);
      return ids;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
