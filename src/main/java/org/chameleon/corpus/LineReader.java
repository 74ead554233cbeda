package org.chameleon.corpus;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The lines of a file that are not blank, as bytes. A line ends with LF, CR or both: neither can
 * stand inside JSON. A byte order mark of UTF-8 is passed over.
 */
final class LineReader implements Closeable {
  /** Bytes that a line may have. */
  static final int LONGEST = 1 << 30;

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final InputStream in;
  private final byte[] buffer = new byte[1 << 18];
  private long before;
  private long place;
  private int at;
  private int end;
  private byte[] line = new byte[1 << 13];
  private int length;
  private boolean mayHoldSeveral;

  LineReader(InputStream in) {
    this(in, 0);
  }

  /**
   * Reads what begins somewhere in a file.
   *
   * @param before bytes of the file before it
   */
  LineReader(InputStream in, long before) {
    this.in = in;
    this.before = before;
  }

  /** Returns the first bytes of the file; to be called before {@link #next}. */
  byte[] first(int count) throws IOException {
    end = in.readNBytes(buffer, 0, count);
    boolean marked = end >= 3 && Arrays.equals(buffer, 0, 3, BYTE_ORDER_MARK, 0, 3);
    at = marked ? 3 : 0;
    return Arrays.copyOfRange(buffer, at, end);
  }

  /** Moves to the next line; returns whether there is one. */
  boolean next() throws IOException {
    length = 0;
    mayHoldSeveral = false;
    boolean isBlank = true;
    boolean closed = false;
    place = before + at;
    while (fill()) {
      int from = at;
      boolean ended = false;
      while (at < end && !ended) {
        byte b = buffer[at++];
        if (b == '\n' || b == '\r') {
          ended = true;
        } else if (b != ' ' && b != '\t') {
          isBlank = false;
          mayHoldSeveral |= closed && b == '{';
          closed = b == '}';
        }
      }
      append(from, ended ? at - 1 : at);
      if (ended && !isBlank) {
        return true;
      }
      if (ended) {
        length = 0;
        place = before + at;
      }
    }
    return !isBlank;
  }

  private boolean fill() throws IOException {
    if (at == end) {
      before += end;
      at = 0;
      end = Math.max(0, in.read(buffer, 0, buffer.length));
    }
    return at < end;
  }

  private void append(int from, int to) throws IOException {
    int added = to - from;
    if (length > LONGEST - added) {
      throw new LineTooLongException();
    }
    if (length + added > line.length) {
      long more = length + added + (length + added) / 2L;
      line = Arrays.copyOf(line, (int) Math.min(LONGEST, more));
    }
    System.arraycopy(buffer, from, line, length, added);
    length += added;
  }

  /** A line that no array holds. */
  static final class LineTooLongException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** Returns the line, which is valid until the next. */
  ByteBuffer line() {
    return ByteBuffer.wrap(line, 0, length);
  }

  /** Returns how many bytes stand before the line, of what is read. */
  long place() {
    return place;
  }

  /** Returns whether an object may begin in the line where another has ended. */
  boolean mayHoldSeveral() {
    return mayHoldSeveral;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
