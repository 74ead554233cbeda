/**
 * Documents and their domains: which files hold them, how many rows, and row access by page.
 *
 * <p>{@code CorpusFiles} lists what paths name ({@code PathGlob}, {@code FileFormat}, {@code
 * TableFormat}); what it leaves out it names, and what looks like data it refuses. A {@code
 * RowReader} reads one file forwards: {@code JsonLinesReader} by lines, {@code ParquetRowReader} by
 * columns, after the footer that {@code ParquetFooter} keeps. Text is repaired in {@code Utf8} and
 * nowhere else. {@link org.chameleon.corpus.Corpus} numbers the documents and sends readers to
 * executors.
 */
package org.chameleon.corpus;
