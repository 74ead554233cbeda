package org.chameleon;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * Local files behind {@code cut:///path}: where a test says so, whoever has just moved a file is
 * cut off.
 */
public final class CutOffFileSystem extends RawLocalFileSystem {
  private static final URI ROOT = URI.create("cut:///");

  private static volatile String after = "";

  /** Throws an error as soon as something has been moved to a name; "" for never. */
  public static void cutOffAfterMoveTo(String name) {
    after = name;
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
    boolean moved = super.rename(from, to);
    if (to.getName().equals(after)) {
      throw new IllegalStateException("cut off");
    }
    return moved;
  }
}
