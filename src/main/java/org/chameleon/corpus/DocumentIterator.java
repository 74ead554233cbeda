package org.chameleon.corpus;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;
import org.chameleon.cluster.TaskMetrics;

/** All documents of a split, one after another; closed at its end or at that of the task. */
final class DocumentIterator implements Iterator<Document> {
  private final NumberedSplit numbered;
  private final Map<String, Long> ordinals;
  private final RowReader reader;
  private final TaskMetrics.Work work;
  private long row;
  private Document next;
  private boolean closed;

  DocumentIterator(
      NumberedSplit numbered, Columns columns, Configuration hadoop, TaskMetrics metrics) {
    this.numbered = numbered;
    this.ordinals = new HashMap<>(numbered.firstOrdinal());
    this.row = numbered.split().firstRow();
    this.work = metrics.start();
    this.reader = numbered.split().file().open(columns, ReadPattern.DENSE, hadoop);
    TaskContext task = TaskContext.get();
    if (task != null) {
      task.addTaskCompletionListener((TaskCompletionListener) ended -> close());
    }
  }

  @Override
  public boolean hasNext() {
    CorpusSplit split = numbered.split();
    long end = split.firstRow() + split.rows();
    while (next == null && row < end && reader.has(row)) {
      String domain = split.file().mixed() ? reader.domain(row) : split.file().domain();
      if (domain != null) {
        long ordinal = ordinals.merge(domain, 1L, Long::sum) - 1;
        Optional<Document> found = reader.document(domain, ordinal, row);
        next = found.orElse(null);
      }
      row++;
    }
    if (next == null) {
      close();
    }
    return next != null;
  }

  @Override
  public Document next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Document document = next;
    next = null;
    return document;
  }

  private void close() {
    if (!closed) {
      closed = true;
      reader.close();
      work.done(0, 0);
    }
  }
}
