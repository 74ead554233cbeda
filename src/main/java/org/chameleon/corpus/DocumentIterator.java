package org.chameleon.corpus;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;
import org.chameleon.cluster.TaskMetrics;

/**
 * The documents of a split, or those drawn of it, one after another; closed at its end or at that
 * of the task.
 */
final class DocumentIterator implements Iterator<Document> {
  private final SplitDraw draw;
  private final CorpusSplit split;
  private final Map<String, Long> ordinals;
  private final RowReader reader;
  private final TaskMetrics.Work work;
  private long row;
  private long left;
  private Document next;
  private boolean closed;

  /** Opens all documents of a split. */
  static DocumentIterator all(
      NumberedSplit all, Columns columns, Configuration hadoop, TaskMetrics metrics) {
    SplitDraw draw = new SplitDraw(all.split(), all.firstOrdinal(), null);
    TaskMetrics.Work work = metrics.start();
    RowReader reader = all.split().open(columns, ReadPattern.DENSE, hadoop);
    return new DocumentIterator(draw, Long.MAX_VALUE, reader, work);
  }

  /** Opens the documents that were drawn of a split. */
  static DocumentIterator drawn(
      SplitDraw draw, Columns columns, Configuration hadoop, TaskMetrics metrics) {
    TaskMetrics.Work work = metrics.start();
    RowReader reader = draw.split().open(columns, draw.pattern(), hadoop);
    reader.expect(draw);
    return new DocumentIterator(draw, draw.documents(), reader, work);
  }

  private DocumentIterator(SplitDraw draw, long left, RowReader reader, TaskMetrics.Work work) {
    this.draw = draw;
    this.split = draw.split();
    this.ordinals = new HashMap<>(draw.firstOrdinal());
    this.row = split.firstRow();
    this.left = left;
    this.reader = reader;
    this.work = work;
    TaskContext task = TaskContext.get();
    if (task != null) {
      task.addTaskCompletionListener((TaskCompletionListener) ended -> close());
    }
  }

  @Override
  public boolean hasNext() {
    long end = split.firstRow() + split.rows();
    while (next == null && left > 0 && row < end && reader.has(row)) {
      String domain = split.file().mixed() ? reader.domain(row) : split.file().domain();
      if (domain != null) {
        long ordinal = ordinals.merge(domain, 1L, Long::sum) - 1;
        if (draw.has(domain, ordinal)) {
          left--;
          next = reader.document(domain, ordinal, row).orElse(null);
        }
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
