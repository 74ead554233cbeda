package org.chameleon;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * Local files behind {@code slow:///path}. Each time that one is opened a line is added to {@code
 * path.opened}, which counts for all processes, and the first byte is waited for. Where {@code
 * path.ends} is there, reading breaks off in the middle: with an error, or silently if it says so.
 */
public final class SlowFileSystem extends RawLocalFileSystem {
  private static final URI ROOT = URI.create("slow:///");
  private static final long WAIT_MILLIS = 300;

  /** Returns settings that know the scheme. */
  public static Configuration hadoop() {
    Configuration hadoop = new Configuration();
    hadoop.setClass("fs.slow.impl", SlowFileSystem.class, FileSystem.class);
    return hadoop;
  }

  /** Returns how often a file has been opened, by whichever process. */
  public static int opened(java.nio.file.Path file) throws IOException {
    java.nio.file.Path log = beside(file, ".opened");
    return Files.exists(log) ? Files.readAllLines(log).size() : 0;
  }

  /** Has reading end in the middle from now on. */
  public static void cutOff(java.nio.file.Path file, String how) throws IOException {
    Files.writeString(beside(file, ".ends"), how);
  }

  /** Has reading come to the end from now on. */
  public static void mend(java.nio.file.Path file) throws IOException {
    Files.delete(beside(file, ".ends"));
  }

  private static java.nio.file.Path beside(java.nio.file.Path file, String end) {
    return file.resolveSibling(file.getFileName() + end);
  }

  @Override
  public URI getUri() {
    return ROOT;
  }

  @Override
  public String getScheme() {
    return "slow";
  }

  @Override
  public File pathToFile(Path path) {
    return new File(path.toUri().getPath());
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    java.nio.file.Path file = pathToFile(path).toPath();
    Files.write(
        beside(file, ".opened"),
        List.of("opened"),
        StandardCharsets.UTF_8,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    return new FSDataInputStream(new Slow(super.open(path, bufferSize), file));
  }

  private static final class Slow extends FSInputStream {
    private final FSDataInputStream in;
    private final String end;
    private final long middle;

    Slow(FSDataInputStream in, java.nio.file.Path file) throws IOException {
      this.in = in;
      java.nio.file.Path ends = beside(file, ".ends");
      this.end = Files.exists(ends) ? Files.readString(ends) : "";
      this.middle = Files.size(file) / 2;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (in.getPos() == 0) {
        await();
      }
      if (end.isEmpty()) {
        return in.read(buffer, offset, length);
      }
      if (in.getPos() < middle) {
        return in.read(buffer, offset, (int) Math.min(length, middle - in.getPos()));
      }
      if (end.equals("silently")) {
        return -1;
      }
      throw new IOException(end);
    }

    private static void await() {
      try {
        Thread.sleep(WAIT_MILLIS);
      } catch (InterruptedException e) {
        throw new UncheckedIOException(new IOException(e));
      }
    }

    @Override
    public void seek(long position) throws IOException {
      in.seek(position);
    }

    @Override
    public long getPos() throws IOException {
      return in.getPos();
    }

    @Override
    public boolean seekToNewSource(long target) {
      return false;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
