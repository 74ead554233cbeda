package org.chameleon.sequences;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.IOUtils;
import org.chameleon.config.InvalidInputException;
import org.chameleon.storage.Folder;
import org.chameleon.storage.HadoopSettings;

/**
 * Reads a folder of sequences, on an executor: any of them, those that follow one another from one
 * piece of the file. For one thread.
 */
public final class PoolReader implements Closeable {
  private static final int PIECE = 1 << 16;

  /** Files that are open at a time. */
  private static final int MOST_OPEN = 128;

  private final Path folder;
  private final Configuration hadoop;
  private final int length;
  private final Map<String, Piece> pieces = new HashMap<>();
  private final Map<String, FSDataInputStream> open = new LinkedHashMap<>(16, 0.75f, true);

  private PoolReader(Path folder, PoolIndex index, Configuration hadoop) {
    this.folder = folder;
    this.hadoop = hadoop;
    this.length = index.context() + 1;
    index.domains().forEach(domain -> pieces.put(domain.name(), new Piece(domain)));
  }

  /** Opens a folder. */
  public static PoolReader open(String uri, Configuration hadoop) {
    PoolIndex index = Folder.at(uri, hadoop).json(PoolIndex.FILE, PoolIndex.class);
    return new PoolReader(new Path(uri), index, hadoop);
  }

  /** What was read of a domain's file last. */
  private final class Piece {
    private final PoolIndex.Domain domain;
    private long first;
    private int count;
    private ByteBuffer bytes = ByteBuffer.allocate(0);

    Piece(PoolIndex.Domain domain) {
      this.domain = domain;
    }

    int[] sequence(long index) {
      if (index < first || index >= first + count) {
        read(index);
      }
      int[] ids = new int[length];
      bytes.asIntBuffer().get((int) (index - first) * length, ids);
      return ids;
    }

    private void read(long index) {
      int record = Integer.BYTES * length;
      int wanted = (int) Math.min(Math.max(1, PIECE / record), domain.sequences() - index);
      byte[] read = new byte[wanted * record];
      try {
        file(domain.file()).readFully(index * record, read);
      } catch (IOException e) {
        throw new InvalidInputException(
            "Cannot read the sequences of '%s' in %s: %s. Run it again."
                .formatted(domain.name(), folder, e.getMessage()),
            e);
      }
      bytes = ByteBuffer.wrap(read);
      first = index;
      count = wanted;
    }
  }

  private FSDataInputStream file(String name) throws IOException {
    FSDataInputStream found = open.get(name);
    if (found == null) {
      Path path = new Path(folder, name);
      found = HadoopSettings.fileSystem(path, hadoop).open(path);
      open.put(name, found);
      Iterator<FSDataInputStream> oldest = open.values().iterator();
      if (open.size() > MOST_OPEN) {
        oldest.next().close();
        oldest.remove();
      }
    }
    return found;
  }

  /** Returns the number of sequences of a domain. */
  public long sequences(String domain) {
    return pieces.get(domain).domain.sequences();
  }

  /** Returns a sequence of a domain: ids, one more than the context. */
  public int[] sequence(String domain, long index) {
    return pieces.get(domain).sequence(index);
  }

  @Override
  public void close() {
    IOUtils.closeStreams(open.values().toArray(Closeable[]::new));
    open.clear();
  }
}
