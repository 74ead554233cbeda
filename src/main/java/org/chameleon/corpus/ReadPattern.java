package org.chameleon.corpus;

/** How many of a stretch of rows will be asked for: it decides what is fetched at once. */
enum ReadPattern {
  /** Most rows: whole column chunks. */
  DENSE,
  /** Few rows: only the pages that hold them, where the file says where its pages are. */
  SPARSE;

  /** Rows for each row asked for above which reading by page pays. */
  private static final int SPARSE_FROM = 20;

  static ReadPattern of(long wanted, long rows) {
    return wanted * SPARSE_FROM < rows ? SPARSE : DENSE;
  }
}
