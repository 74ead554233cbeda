package org.chameleon;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * Local files behind {@code cut:///path}: where a test says so, whoever writes is cut off, and
 * nothing is written any more.
 */
public final class CutOffFileSystem extends RawLocalFileSystem {
  private static final URI ROOT = URI.create("cut:///");

  private static volatile String after = "";
  private static final AtomicInteger LEFT = new AtomicInteger(Integer.MAX_VALUE);

  /** Throws an error as soon as something has been moved to a name; "" for never. */
  public static void cutOffAfterMoveTo(String name) {
    after = name;
  }

  /** Has nothing written any more after a number of files were made, moved or deleted. */
  public static void cutOffAfter(int writes) {
    LEFT.set(writes);
  }

  /** Has all written from now on; returns whether anything was not. */
  public static boolean goOn() {
    return LEFT.getAndSet(Integer.MAX_VALUE) < 0;
  }

  /** Locks are let go: who was killed holds none. */
  private static void write(Path path) {
    if (!path.toString().contains("/.lock") && LEFT.get() < Integer.MAX_VALUE) {
      if (LEFT.decrementAndGet() < 0) {
        LEFT.set(-1);
        throw new IllegalStateException("cut off");
      }
    }
  }

  @Override
  public URI getUri() {
    return ROOT;
  }

  @Override
  public String getScheme() {
    return "cut";
  }

  @Override
  public File pathToFile(Path path) {
    return new File(path.toUri().getPath());
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    write(to);
    boolean moved = super.rename(from, to);
    if (to.getName().equals(after)) {
      throw new IllegalStateException("cut off");
    }
    return moved;
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    write(path);
    return super.delete(path, recursive);
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    write(path);
    return super.create(path, permission, overwrite, bufferSize, replication, blockSize, progress);
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    write(path);
    return super.create(path, overwrite, bufferSize, replication, blockSize, progress);
  }
}
